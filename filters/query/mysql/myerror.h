/* myerror.h - maps errors of MySQL and its library to kinds of errors.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_MYSQL_MYERROR_H
#define QUERY_MYSQL_MYERROR_H

#include "core/err.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* Sets *e to the connection's error. The kind is that of the error number,
 * otherwise that of the SQLSTATE, otherwise ERR_REFUSED. Returns -1.
 */
int myerror_set(MYSQL *conn, struct err *e);

/* The same for a statement; while rows are read, the error may be in its
 * connection.
 */
int myerror_set_stmt(MYSQL_STMT *stmt, MYSQL *conn, struct err *e);

#endif
#endif
