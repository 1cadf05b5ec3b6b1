/* odbcmysql.h - what servers of MySQL and MariaDB need beyond other databases
 *
 * Floor 2 (query).
 */
#ifndef QUERY_ODBC_ODBCMYSQL_H
#define QUERY_ODBC_ODBCMYSQL_H

#include "query/model.h"
#include "query/odbc/odbc.h"

#ifdef WITH_ODBC

/* Checks the model before it is prepared. ERR_CONFIG if what was removed as a
 * comment may not be one: 5--1 is 6.
 */
int odbcmysql_model(const struct model *m, struct err *e) MUST_USE;

/* Adapts the value of --since to a FLOAT column (since_float.h, also for b).
 * Call it after the statement was prepared and before parameters are bound.
 */
void odbcmysql_since(const struct odbc *o, struct model *m, struct buf *b);

/* Call after the last row of the model. Returns 0, or -1 if a warning says that
 * rows or parts of values are missing: ERR_DATA, or ERR_REFUSED if the
 * connection is lost.
 */
int odbcmysql_check(const struct odbc *o, const struct model *m,
		    struct err *e) MUST_USE;

#endif
#endif
