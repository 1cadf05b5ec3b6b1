#include "query/odbc/odbctype.h"

#ifdef WITH_ODBC
#include <strings.h>

enum {
	FIELD_BYTES = 4096, /* longer values are fetched separately */
	SHORT_BYTES = 64,   /* enough for any date, time or GUID */
};

/* How to fetch a type: the C type, its size in bytes (0: varies), and the kind.
 */
static const struct way {
	SQLSMALLINT type, c;
	size_t bytes;
	enum odbcvalue kind;
} ways[] = {
	{SQL_CHAR, SQL_C_CHAR, 0,
	 ODBCVALUE_TEXT}, /* also for all other types */
	{SQL_WCHAR, SQL_C_WCHAR, 0, ODBCVALUE_TEXT},
	{SQL_WVARCHAR, SQL_C_WCHAR, 0, ODBCVALUE_TEXT},
	{SQL_WLONGVARCHAR, SQL_C_WCHAR, 0, ODBCVALUE_TEXT},
	{SQL_BIT, SQL_C_BIT, 1, ODBCVALUE_BIT},
	{SQL_TINYINT, SQL_C_SBIGINT, 8, ODBCVALUE_WHOLE},
	{SQL_SMALLINT, SQL_C_SBIGINT, 8, ODBCVALUE_WHOLE},
	{SQL_INTEGER, SQL_C_SBIGINT, 8, ODBCVALUE_WHOLE},
	{SQL_BIGINT, SQL_C_SBIGINT, 8, ODBCVALUE_WHOLE},
	/* MariaDB's 3.1.15 writes SQL_C_FLOAT of a block 8 bytes apart */
	{SQL_REAL, SQL_C_DOUBLE, 8, ODBCVALUE_SINGLE},
	{SQL_FLOAT, SQL_C_DOUBLE, 8, ODBCVALUE_DOUBLE},
	{SQL_DOUBLE, SQL_C_DOUBLE, 8, ODBCVALUE_DOUBLE},
	{SQL_DECIMAL, SQL_C_CHAR, 0, ODBCVALUE_DECIMAL},
	{SQL_NUMERIC, SQL_C_CHAR, 0, ODBCVALUE_DECIMAL},
	{SQL_TYPE_DATE, SQL_C_CHAR, SHORT_BYTES, ODBCVALUE_DATE},
	{SQL_TYPE_TIME, SQL_C_CHAR, SHORT_BYTES, ODBCVALUE_TIME},
	{SQL_TYPE_TIMESTAMP, SQL_C_CHAR, SHORT_BYTES, ODBCVALUE_STAMP},
	{SQL_GUID, SQL_C_CHAR, SHORT_BYTES, ODBCVALUE_UUID},
	{SQL_BINARY, SQL_C_BINARY, 0, ODBCVALUE_BYTES},
	{SQL_VARBINARY, SQL_C_BINARY, 0, ODBCVALUE_BYTES},
	{SQL_LONGVARBINARY, SQL_C_BINARY, 0, ODBCVALUE_BYTES},
};

/* Kinds of columns that the driver describes as text, by the database's name of
 * the type.
 */
static const struct {
	const char *name;
	enum odbcvalue kind;
} names[] = {
	{"bool", ODBCVALUE_TRUTH},      {"boolean", ODBCVALUE_TRUTH},
	{"json", ODBCVALUE_JSON},       {"jsonb", ODBCVALUE_JSON},
	{"variant", ODBCVALUE_JSON},    {"object", ODBCVALUE_JSON},
	{"array", ODBCVALUE_JSON},      {"struct", ODBCVALUE_JSON},
	{"map", ODBCVALUE_JSON},        {"decimal", ODBCVALUE_DECIMAL},
	{"numeric", ODBCVALUE_DECIMAL}, {"number", ODBCVALUE_DECIMAL},
};

static bool is_text(SQLSMALLINT type)
{
	return type == SQL_CHAR || type == SQL_VARCHAR ||
	       type == SQL_LONGVARCHAR || type == SQL_WCHAR ||
	       type == SQL_WVARCHAR || type == SQL_WLONGVARCHAR;
}

static const struct way *find_way(SQLSMALLINT type)
{
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		if (ways[i].type == type)
			return &ways[i];
	}
	return &ways[0];
}

static enum odbcvalue kind_of(const struct odbc_column *a)
{
	enum odbcvalue kind = find_way(a->type)->kind;

	for (size_t i = 0; is_text(a->type) && i < COUNT_OF(names); i++) {
		if (strcasecmp(a->type_name, names[i].name) == 0)
			return names[i].kind;
	}
	if (kind == ODBCVALUE_WHOLE && a->is_unsigned == SQL_TRUE)
		kind = ODBCVALUE_NATURAL;
	return kind;
}

void odbctype_find(const struct odbc *o, const struct odbc_column *a,
		   struct odbctype *t)
{
	const struct way *way = find_way(a->type);

	t->kind = kind_of(a);
	t->c = t->kind == ODBCVALUE_NATURAL ? SQL_C_UBIGINT : way->c;
	if (is_text(a->type)) /* UTF-16 does not depend on the locale */
		t->c = o->plain ? SQL_C_CHAR : SQL_C_WCHAR;
	t->bytes = way->bytes;
	if (t->bytes == 0 && a->size > 0 &&
	    a->size <= FIELD_BYTES) /* a->size is in characters */
		t->bytes = 2 * SHORT_BYTES +
			   (size_t)a->size * (t->c == SQL_C_WCHAR ? 2 : 4);
	if (t->bytes == 0 || t->bytes > FIELD_BYTES)
		t->bytes = FIELD_BYTES;
}

#endif
