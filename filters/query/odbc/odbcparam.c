#include "query/odbc/odbcparam.h"

#ifdef WITH_ODBC
#include <stdlib.h>

#include "core/mem.h"
#include "query/odbc/utf16.h"

/* Binds a parameter as text, which the database converts to the type it needs.
 */
static SQLRETURN bind_one(const struct odbc *o, size_t i, struct odbcparam *p,
			  const char *value)
{
	bool plain = o->plain;
	SQLULEN units;

	if (plain)
		buf_str(&p->text, value);
	else
		utf16_add(&p->text, slice_str(value));
	p->size = (SQLLEN)p->text.n;
	units = p->text.n / (plain ? 1 : 2);
	return SQLBindParameter(o->stmt, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT,
				plain ? SQL_C_CHAR : SQL_C_WCHAR,
				plain ? SQL_VARCHAR : SQL_WVARCHAR,
				units > 0 ? units : 1, 0, buf_cstr(&p->text),
				p->size, &p->size);
}

int odbcparam_bind(const struct odbc *o, const struct model *m,
		   struct odbcparam **list, struct err *e)
{
	struct odbcparam *p;
	SQLSMALLINT n = 0;

	if (SQL_SUCCEEDED(SQLNumParams(o->stmt, &n)) && (size_t)n != m->uses)
		return err_names(e, ERR_CONFIG,
				 "model '%s' has a parameter without a value: "
				 "use -P NAME=VALUE",
				 m->name);
	p = mem_zero((m->uses + 1) * sizeof(*p));
	*list = p;
	for (size_t i = 0; i < m->uses; i++) {
		const char *value = m->param[m->use[i].param].value;

		if (!SQL_SUCCEEDED(bind_one(o, i, &p[i], value)))
			return odbc_failed(o, ERR_CONFIG, e);
	}
	return 0;
}

void odbcparam_free(struct odbcparam *list, size_t n)
{
	for (size_t i = 0; list && i < n; i++)
		buf_clear(&list[i].text);
	free(list);
}

#endif
