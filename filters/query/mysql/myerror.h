/* myerror.h - maps errors of MySQL and its library to kinds of errors.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_MYSQL_MYERROR_H
#define QUERY_MYSQL_MYERROR_H

#include "core/err.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* -1 with the text of the error in *e; the kind is that of its number, else
 * that of its SQLSTATE, else ERR_REFUSED.
 */
int myerror_set(MYSQL *conn, struct err *e);

/* The same for a statement, whose connection has the error while rows come. */
int myerror_set_stmt(MYSQL_STMT *stmt, MYSQL *conn, struct err *e);

#endif
#endif
