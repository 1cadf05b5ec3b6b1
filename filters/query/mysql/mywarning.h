/* mywarning.h - checks the server's warnings for rows or values that were
 * truncated.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_MYSQL_MYWARNING_H
#define QUERY_MYSQL_MYWARNING_H

#include "query/model.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* Call after the last row of the model. Returns 0, or -1 if a warning says that
 * rows or parts of values are missing: ERR_DATA, or as myerror_set.
 */
int mywarning_check(MYSQL *conn, const struct model *m, struct err *e) MUST_USE;

#endif
#endif
