/* odbctype.h - decides how the values of ODBC's columns are fetched.
 *
 * Floor 2 (query). By the type that the driver states or, if it states text, by
 * the database's name of the type. odbcvalue.h writes the values.
 */
#ifndef QUERY_ODBC_ODBCTYPE_H
#define QUERY_ODBC_ODBCTYPE_H

#include "query/odbc/odbc.h"
#include "query/odbc/odbcvalue.h"

#ifdef WITH_ODBC

struct odbctype {
	enum odbcvalue kind;
	SQLSMALLINT c; /* C type to request */
	size_t bytes; /* room for a value; longer ones are fetched separately */
};

/* Sets *t to how the values of column a are fetched. */
void odbctype_find(const struct odbc *o, const struct odbc_column *a,
		   struct odbctype *t);

#endif
#endif
