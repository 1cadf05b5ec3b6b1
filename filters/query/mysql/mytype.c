#include "query/mysql/mytype.h"

#ifdef WITH_MYSQL

enum { BINARY_CHARSET = 63 }; /* character set of columns that are not text */

#define VECTOR_TYPE ((enum enum_field_types)242) /* of MySQL 9 */

static const struct {
	const char *word;
	enum enum_field_types bind;
} kinds[] = {
	[MYVALUE_INT] = {"int", MYSQL_TYPE_LONGLONG},
	[MYVALUE_UINT] = {"int", MYSQL_TYPE_LONGLONG},
	[MYVALUE_FLOAT] = {"float", MYSQL_TYPE_FLOAT},
	[MYVALUE_DOUBLE] = {"float", MYSQL_TYPE_DOUBLE},
	[MYVALUE_DECIMAL] = {"decimal", MYSQL_TYPE_STRING},
	[MYVALUE_TEXT] = {"string", MYSQL_TYPE_STRING},
	[MYVALUE_BYTES] = {"binary", MYSQL_TYPE_BLOB},
	[MYVALUE_BITS] = {"int", MYSQL_TYPE_BLOB},
	[MYVALUE_YEAR] = {"date", MYSQL_TYPE_LONGLONG},
	[MYVALUE_DAY] = {"date", MYSQL_TYPE_DATETIME},
	[MYVALUE_STAMP] = {"datetime", MYSQL_TYPE_DATETIME},
	[MYVALUE_MOMENT] = {"datetime", MYSQL_TYPE_STRING},
	[MYVALUE_CLOCK] = {"time", MYSQL_TYPE_TIME},
	[MYVALUE_JSON] = {"json", MYSQL_TYPE_STRING},
	[MYVALUE_VECTOR] = {"array", MYSQL_TYPE_BLOB},
};

static const struct {
	enum enum_field_types type;
	enum myvalue kind;
	const char *native;
} types[] = {
	{MYSQL_TYPE_TINY, MYVALUE_INT, "tinyint"},
	{MYSQL_TYPE_SHORT, MYVALUE_INT, "smallint"},
	{MYSQL_TYPE_INT24, MYVALUE_INT, "mediumint"},
	{MYSQL_TYPE_LONG, MYVALUE_INT, "int"},
	{MYSQL_TYPE_LONGLONG, MYVALUE_INT, "bigint"},
	{MYSQL_TYPE_FLOAT, MYVALUE_FLOAT, "float"},
	{MYSQL_TYPE_DOUBLE, MYVALUE_DOUBLE, "double"},
	{MYSQL_TYPE_DECIMAL, MYVALUE_DECIMAL, "decimal"},
	{MYSQL_TYPE_NEWDECIMAL, MYVALUE_DECIMAL, "decimal"},
	{MYSQL_TYPE_YEAR, MYVALUE_YEAR, "year"},
	{MYSQL_TYPE_DATE, MYVALUE_DAY, "date"},
	{MYSQL_TYPE_NEWDATE, MYVALUE_DAY, "date"},
	{MYSQL_TYPE_DATETIME, MYVALUE_STAMP, "datetime"},
	{MYSQL_TYPE_TIMESTAMP, MYVALUE_STAMP, "timestamp"},
	{MYSQL_TYPE_TIME, MYVALUE_CLOCK, "time"},
	{MYSQL_TYPE_BIT, MYVALUE_BITS, "bit"},
	{MYSQL_TYPE_JSON, MYVALUE_JSON, "json"},
	{MYSQL_TYPE_GEOMETRY, MYVALUE_BYTES, "geometry"},
	{VECTOR_TYPE, MYVALUE_VECTOR, "vector"},
};

/* MariaDB's JSON has the type of text; a word in the extended metadata
 * distinguishes it.
 */
static bool is_json(const MYSQL_FIELD *f)
{
	MARIADB_CONST_STRING word;

	return mariadb_field_attr(&word, f, MARIADB_FIELD_ATTR_FORMAT_NAME) ==
		       0 &&
	       slice_is(slice_of(word.str, word.length), "json");
}

enum myvalue mytype_find(const MYSQL_FIELD *f, struct rows_column *head)
{
	bool text = f->charsetnr != BINARY_CHARSET;
	enum myvalue kind = text ? MYVALUE_TEXT : MYVALUE_BYTES;

	head->native = text ? "text" : "binary";
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (types[i].type == f->type) {
			kind = types[i].kind;
			head->native = types[i].native;
		}
	}
	if (kind == MYVALUE_INT && (f->flags & UNSIGNED_FLAG))
		kind = MYVALUE_UINT;
	if (is_json(f)) {
		kind = MYVALUE_JSON;
		head->native = "json";
	}
	/* compared with text or a number, but ordered by another value */
	head->unordered = (f->flags & (ENUM_FLAG | SET_FLAG)) ||
			  kind == MYVALUE_BITS || kind == MYVALUE_YEAR;
	head->name = f->name;
	head->type = kinds[kind].word;
	return kind;
}

enum myvalue mytype_moment(struct rows_column *head)
{
	head->native = "timestamp";
	head->type = kinds[MYVALUE_MOMENT].word;
	head->unordered = false;
	return MYVALUE_MOMENT;
}

enum enum_field_types mytype_bind(enum myvalue kind)
{
	return kinds[kind].bind;
}

#endif
