#include "query/trino/trhash.h"

#include <stdio.h>
#include <string.h>

#include "query/model.h"

/* Arrays are concatenated from parts, because the constructor takes at most 254
 * values.
 */
enum { PART = 100 };

static const struct model_sql quotes = {.quote = '"'};

#define AS_JSON     "json_format(CAST("
#define AS_JSON_END " AS json))"

const char trhash_before[] = "from_big_endian_64(xxhash64(to_utf8(" AS_JSON;
const char trhash_behind[] = AS_JSON_END ")))";

static bool put_text(struct buf *b, const struct trtype *t, const char *value,
		     unsigned depth);

static void put_between(struct buf *b, size_t i)
{
	buf_str(b, i == 0 ? "ARRAY[" : i % PART == 0 ? "] || ARRAY[" : ", ");
}

/* Appends an array of the texts of the fields of a value. */
static bool put_fields(struct buf *b, const struct trtype *t, const char *value,
		       unsigned depth)
{
	struct buf field = {0};
	bool fine = t->n > 0;

	for (size_t i = 0; i < t->n; i++) {
		put_between(b, i);
		field.n = 0;
		buf_fmt(&field, "%s[%zu]", value, i + 1);
		fine &= put_text(b, t->child[i], buf_cstr(&field), depth);
	}
	buf_char(b, ']');
	buf_clear(&field);
	return fine;
}

/* Appends the text of each element, with a lambda whose parameter is named by
 * its depth.
 */
static bool put_elements(struct buf *b, const struct trtype *t,
			 const char *value, unsigned depth)
{
	bool map = t->kind == TRTYPE_MAP, fine;
	char name[16];

	snprintf(name, sizeof(name), "x%u", depth);
	buf_fmt(b, AS_JSON "transform(%s%s%s, %s -> ",
		map ? "map_entries(" : "", value, map ? ")" : "", name);
	if (map) {
		buf_str(b, AS_JSON);
		fine = put_fields(b, t, name, depth + 1);
		buf_str(b, AS_JSON_END);
	} else {
		fine = put_text(b, t->child[0], name, depth + 1);
	}
	buf_str(b, ")" AS_JSON_END);
	return fine;
}

/* Appends SQL of the text of a value, NULL for NULL. False if no text tells all
 * values of the type apart.
 */
static bool put_text(struct buf *b, const struct trtype *t, const char *value,
		     unsigned depth)
{
	bool fine = true;

	switch (t->kind) {
	case TRTYPE_ANY:
		return false;
	case TRTYPE_BYTES:
		buf_fmt(b, "to_hex(%s)", value);
		break;
	case TRTYPE_JSON:
		buf_fmt(b, "json_format(%s)", value);
		break;
	case TRTYPE_ZONED_STAMP: /* 02:30 may occur twice in a zone */
		buf_fmt(b,
			"(CAST(%s AS varchar) || "
			"CAST(%s AT TIME ZONE 'UTC' AS varchar))",
			value, value);
		break;
	case TRTYPE_LIST:
	case TRTYPE_MAP:
		return put_elements(b, t, value, depth);
	case TRTYPE_ROW:
		buf_fmt(b, "IF(%s IS NULL, NULL, " AS_JSON, value);
		fine = put_fields(b, t, value, depth);
		buf_str(b, AS_JSON_END ")");
		break;
	default:
		buf_fmt(b, "CAST(%s AS varchar)", value);
	}
	return fine;
}

int trhash_put(struct buf *b, const struct rows_column *c,
	       struct trtype *const *type, size_t n, struct err *e)
{
	struct buf name = {0};
	bool fine = true;
	size_t i = 0;

	buf_str(b, trhash_before);
	for (; fine && i < n; i++) {
		put_between(b, i);
		name.n = 0;
		buf_str(&name, "t.");
		model_quote(&name, &quotes, slice_str(c[i].name));
		if (strcmp(c[i].native, "unknown") == 0)
			buf_str(b, "CAST(NULL AS varchar)");
		else
			fine = put_text(b, type[i], buf_cstr(&name), 0);
	}
	buf_char(b, ']');
	buf_str(b, trhash_behind);
	buf_clear(&name);
	if (fine)
		return 0;
	return err_names(e, ERR_CONFIG,
			 "--delta: the column '%s' is %s, which has no text to "
			 "compare; cast it in the model",
			 c[i - 1].name, c[i - 1].native);
}
