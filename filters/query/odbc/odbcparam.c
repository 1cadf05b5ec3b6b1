#include "query/odbc/odbcparam.h"

#ifdef WITH_ODBC
#include <errno.h>
#include <stdlib.h>

#include "core/mem.h"
#include "query/odbc/utf16.h"

/* Binds a parameter as a number: SQLite does not convert text, and sorts every
 * number before every text.
 */
static SQLRETURN bind_number(const struct odbc *o, size_t i,
			     struct odbcparam *p, const char *value)
{
	bool whole;
	char *end;

	errno = 0;
	p->whole = strtoll(value, &end, 10);
	whole = errno == 0 && *end == '\0';
	p->real = strtod(value, NULL);
	return SQLBindParameter(o->stmt, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT,
				whole ? SQL_C_SBIGINT : SQL_C_DOUBLE,
				whole ? SQL_BIGINT : SQL_DOUBLE, 0, 0,
				whole ? (void *)&p->whole : (void *)&p->real, 0,
				NULL);
}

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
		const struct model_param *from = &m->param[m->use[i].param];
		bool number = o->sqlite && from->number;

		if (!SQL_SUCCEEDED((number ? bind_number : bind_one)(
			    o, i, &p[i], from->value)))
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
