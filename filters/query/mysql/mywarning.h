/* mywarning.h - what a server has left out or cut, which it says in a warning.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_MYSQL_MYWARNING_H
#define QUERY_MYSQL_MYWARNING_H

#include "core/err.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* After the last row of a statement: 0, or -1 where a warning says that rows or
 * parts of values are missing: ERR_DATA, or as myerror_set.
 */
int mywarning_check(MYSQL *conn, struct err *e) MUST_USE;

#endif
#endif
