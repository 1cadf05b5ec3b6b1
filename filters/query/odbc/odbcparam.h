/* odbcparam.h - binds the parameters of a model for ODBC, as text, but the
 * number of a cursor on SQLite as a number.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_ODBC_ODBCPARAM_H
#define QUERY_ODBC_ODBCPARAM_H

#include "query/model.h"
#include "query/odbc/odbc.h"

#ifdef WITH_ODBC

struct odbcparam {
	struct buf text; /* UTF-8 or UTF-16, as the driver needs it */
	SQLLEN size;
	int64_t whole; /* for SQLite */
	double real;
};

/* Binds the parameters of the prepared statement. *list gets one entry for each
 * use, also after a failure, and must be kept until the statement is freed. -1
 * with ERR_CONFIG if the statement has a different number of parameters, or as
 * odbc_failed.
 */
int odbcparam_bind(const struct odbc *o, const struct model *m,
		   struct odbcparam **list, struct err *e) MUST_USE;

/* Frees the n entries, the model's uses; NULL is allowed. */
void odbcparam_free(struct odbcparam *list, size_t n);

#endif
#endif
