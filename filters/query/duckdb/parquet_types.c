#include "query/duckdb/parquet_types.h"

enum {
	DIGITS_MAX = 38, /* maximum digits of DuckDB's DECIMAL */
	FLOAT_BITS = 24,
	FLOAT_DIGITS = 7, /* digits that a float always holds */
	DOUBLE_BITS = 53,
	DOUBLE_DIGITS = 15,
};

static const struct {
	const char *type;
	int digits, bits;
} numbers[] = {
	{"TINYINT", 3, 0},        {"UTINYINT", 3, 0},
	{"SMALLINT", 5, 0},       {"USMALLINT", 5, 0},
	{"INTEGER", 10, 0},       {"UINTEGER", 10, 0},
	{"BIGINT", 19, 0},        {"UBIGINT", 20, 0},
	{"FLOAT", 0, FLOAT_BITS}, {"DOUBLE", 0, DOUBLE_BITS},
};

static int larger(int a, int b)
{
	return a > b ? a : b;
}

static bool is_zoned(struct slice type)
{
	static const char end[] = " WITH TIME ZONE";
	size_t n = sizeof(end) - 1;

	return type.n > n && memcmp(type.p + type.n - n, end, n) == 0;
}

void parquet_types_add(struct parquet_types *t, struct slice type,
		       int64_t precision, int64_t scale)
{
	if (slice_starts(type, "DECIMAL")) {
		t->decimal = true;
		t->whole = larger(t->whole, (int)(precision - scale));
		t->scale = larger(t->scale, (int)scale);
	}
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		if (!slice_is(type, numbers[i].type))
			continue;
		t->whole = larger(t->whole, numbers[i].digits);
		t->bits = larger(t->bits, numbers[i].bits);
	}
	t->text |= slice_is(type, "VARCHAR");
	t->bytes |= slice_is(type, "BLOB");
	if (slice_starts(type, "TIMESTAMP")) {
		t->zoned |= is_zoned(type);
		t->local |= !is_zoned(type);
	}
	t->local |= slice_is(type, "DATE");
}

bool parquet_types_is_inexact(const struct parquet_types *t)
{
	return t->bits > 0 &&
	       t->whole >
		       (t->bits == FLOAT_BITS ? FLOAT_DIGITS : DOUBLE_DIGITS);
}

const char *parquet_types_mixed(const struct parquet_types *t, bool within,
				bool utc)
{
	if ((t->bits > 0 && t->decimal) ||
	    (within && parquet_types_is_inexact(t)) ||
	    t->whole + t->scale > DIGITS_MAX)
		return " has several number types in the files, and their "
		       "common type cannot hold all digits";
	if (t->text && t->bytes)
		return " is text in one file and bytes in a different one, and "
		       "DuckDB changes backslashes of the text; read the files "
		       "with duckdb: and read_parquet(..., "
		       "binary_as_string=true)";
	if (t->zoned && t->local && !utc)
		return " is a time with a time zone in one file and without "
		       "one in a different one; add '?timezone=UTC' to the "
		       "source to read both in UTC";
	return NULL;
}
