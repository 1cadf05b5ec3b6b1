#include "query/rows_columns.h"

#include <string.h>

#include "core/tool.h"
#include "query/part.h"
#include "query/value.h"
#include "wire/json/json.h"
#include "wire/json/number.h"
#include "wire/json/span.h"
#include "wire/stream/control.h"

static int check_names(const struct rows_column *c, size_t n, struct err *e)
{
	if (n == 0)
		return err_names(e, ERR_CONFIG, "the model has no columns");
	for (size_t i = 0; i < n; i++) {
		struct slice name = slice_str(c[i].name);

		if (name.n == 0)
			return err_names(e, ERR_CONFIG,
					 "column %zu has no name", i + 1);
		if (json_utf8(name) != name.n)
			return err_names(e, ERR_CONFIG,
					 "the name of column %zu is not UTF-8",
					 i + 1);
		if (slice_is(name, CONTROL_NAME))
			return err_names(e, ERR_CONFIG,
					 "column '%s': this name is reserved; "
					 "rename it with AS",
					 c[i].name);
		for (size_t k = 0; k < i; k++) {
			if (slice_is(name, c[k].name))
				return err_names(
					e, ERR_CONFIG,
					"duplicate column '%s'; rename "
					"one with AS",
					c[i].name);
		}
	}
	return 0;
}

static bool is_one_of(const char *word, const char *const *list)
{
	while (*list && strcmp(*list, word) != 0)
		list++;
	return *list != NULL;
}

bool rows_columns_is_number(const char *type)
{
	static const char *const list[] = {"int", "decimal", "float", NULL};

	return is_one_of(type, list);
}

bool rows_columns_is_time(const char *type)
{
	static const char *const list[] = {"datetime", "date", NULL};

	return is_one_of(type, list);
}

/* Checks the overlap now; otherwise only the second run would find it wrong. */
static int check_overlap(const struct rows *r, const char *type, struct err *e)
{
	bool number;

	if (!r->overlap)
		return 0;
	number = number_valid(slice_str(r->overlap));
	if (number && strcmp(type, "string") == 0)
		return err_names(
			e, ERR_USAGE,
			"--overlap %s: column '%s' is text, which sorts 995 "
			"after 1000; cast it to a number in the model",
			r->overlap, r->cursor);
	if ((rows_columns_is_time(type) && number) ||
	    (rows_columns_is_number(type) && !number))
		return err_names(e, ERR_USAGE,
				 "--overlap %s: column '%s' is %s, so use %s",
				 r->overlap, r->cursor, type,
				 number ? "a time like 10m" : "a number");
	return 0;
}

static int check_cursor_type(struct rows *r, const struct rows_column *c,
			     struct err *e)
{
	static const char *const wrong[] = {"boolean", "json", "array",
					    "binary",  "time", NULL};

	if (c->unordered || is_one_of(c->type, wrong))
		return err_names(e, ERR_CONFIG,
				 "column '%s' (%s) cannot be a cursor: its "
				 "values do not sort like their text",
				 r->cursor, c->native ? c->native : c->type);
	r->cursor_type = c->type;
	if (r->cursor_was && strcmp(r->cursor_was, c->type) != 0) {
		r->cursor_retyped = true;
		return err_names(e, ERR_CONFIG,
				 "the cursor '%s' was %s and is now %s",
				 r->cursor, r->cursor_was, c->type);
	}
	return check_overlap(r, c->type, e);
}

int rows_columns_cursor(struct rows *r, const struct rows_column *c, size_t n,
			struct err *e)
{
	if (!r->cursor)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(c[i].name, r->cursor) == 0)
			return check_cursor_type(r, &c[i], e);
	}
	return err_names(e, ERR_CONFIG, "the model has no column '%s'",
			 r->cursor);
}

static bool has_column(const struct rows_column *c, size_t n, struct slice name)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_is(name, c[i].name))
			return true;
	}
	return false;
}

void rows_columns_key(struct rows *r, const struct rows_column *c, size_t n)
{
	const char *p = r->key.n > 2 ? r->key.p + 1 : NULL;
	const char *end = p ? p + r->key.n - 2 : NULL;
	struct buf name = {0};

	while (p && p < end) {
		const char *from = p;

		p = span_value(p, end);
		name.n = 0;
		if (*from == '"')
			json_decode(&name, json_inner(slice_of(
						   from, (size_t)(p - from))));
		if (!has_column(c, n, buf_all(&name))) {
			tool_warn("the key '%s' of the source is not a column "
				  "of the model: use -k with rudder-diff",
				  buf_cstr(&name));
			r->key.n = 0;
		}
		p += p < end;
	}
	buf_clear(&name);
}

int rows_columns_check(struct rows *r, const struct rows_column *c, size_t n,
		       struct err *e)
{
	if (check_names(c, n, e) < 0 || rows_columns_cursor(r, c, n, e) < 0)
		return -1;
	return r->part || r->key_asked ? part_check(r->key, c, n, r->part_of, e)
				       : 0;
}
