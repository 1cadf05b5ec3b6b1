/* odbcparam.h - the parameters of a model for ODBC: bound as text.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_ODBC_ODBCPARAM_H
#define QUERY_ODBC_ODBCPARAM_H

#include "query/model.h"
#include "query/odbc/odbc.h"

#ifdef WITH_ODBC

struct odbcparam {
	struct buf text; /* UTF-8 or UTF-16, as the driver wants it */
	SQLLEN size;
};

/* Binds the parameters of the prepared statement: *list has one for each use,
 * and stays until the statement is freed; also after a failure. -1 with
 * ERR_CONFIG where the statement has more or fewer, or as the driver fails.
 */
int odbcparam_bind(const struct odbc *o, const struct model *m,
		   struct odbcparam **list, struct err *e) MUST_USE;

/* NULL is allowed; n is the model's uses. */
void odbcparam_free(struct odbcparam *list, size_t n);

#endif
#endif
