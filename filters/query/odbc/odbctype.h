/* odbctype.h - the types of ODBC's columns: how their values arrive.
 *
 * Floor 2 (query). By the type that a driver states, and by the database's name
 * of it where the driver says that it is text. odbcvalue.h writes the values.
 */
#ifndef QUERY_ODBC_ODBCTYPE_H
#define QUERY_ODBC_ODBCTYPE_H

#include "query/odbc/odbc.h"
#include "query/odbc/odbcvalue.h"

#ifdef WITH_ODBC

struct odbctype {
	enum odbcvalue kind;
	SQLSMALLINT c; /* the C type to ask for */
	size_t bytes;  /* room for a value; a longer one is fetched by itself */
};

/* How the values of a column arrive, as the connection takes text. */
void odbctype_find(const struct odbc *o, const struct odbc_column *a,
		   struct odbctype *t);

#endif
#endif
