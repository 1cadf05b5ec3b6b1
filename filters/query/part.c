#include "query/part.h"

#include "core/mem.h"
#include "core/num.h"
#include "core/opt.h"
#include "query/model.h"
#include "query/names.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

#include <stdlib.h>

enum { PARTS_MAX = 65536 };

#define PRIME "2147483647"

int part_parse(struct model_part *p, const char *text, const char *by,
	       struct err *e)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	uint64_t i = 0, n = 0;

	*p = (struct model_part){0};
	if (by && strcmp(by, "text") != 0 && strcmp(by, "number") != 0)
		return err_names(e, ERR_USAGE,
				 "option '--partition-by': '%s' is neither "
				 "text nor number",
				 by);
	if (!text && by)
		return err_names(e, ERR_USAGE,
				 "option '--partition-by' needs '--partition'");
	if (!text)
		return 0;
	if (!slash ||
	    num_uint(slice_of(text, (size_t)(slash - text)), &i) < 0 ||
	    num_uint(slice_str(slash + 1), &n) < 0 || n < 1 || n > PARTS_MAX)
		return err_names(e, ERR_USAGE,
				 "option '--partition': '%s' is not a part of "
				 "several, like 0/4",
				 text);
	if (i >= n)
		return err_names(
			e, ERR_USAGE,
			"option '--partition': '%s': parts are counted "
			"from 0, the last of %ju is %ju/%ju",
			text, (uintmax_t)n, (uintmax_t)n - 1, (uintmax_t)n);
	*p = (struct model_part){(unsigned)i, (unsigned)n,
				 by && strcmp(by, "number") == 0};
	return 0;
}

int part_key(struct buf *b, const char *list, struct err *e)
{
	struct buf name = {0};
	const char *p = list;

	buf_char(b, '[');
	while (p && (p = names_part(p, ',', &name)) != NULL) {
		json_string(b, buf_all(&name));
		if (*p == '\0')
			break;
		buf_char(b, ',');
		p++;
	}
	buf_char(b, ']');
	buf_clear(&name);
	return p ? 0
		 : err_names(e, ERR_USAGE, "'%s' is not a list of columns",
			     list);
}

/* Reads the next column of the array at *p into name. False after the last. */
static bool next_column(const char **p, const char *end, struct buf *name)
{
	const char *from = *p + 1;

	if (*p + 1 >= end || *from != '"')
		return false;
	*p = span_value(from, end);
	name->n = 0;
	json_decode(name, json_inner(slice_of(from, (size_t)(*p - from))));
	return true;
}

static void by_text(struct buf *b, const struct part_sql *s, struct slice text,
		    unsigned n)
{
	buf_fmt(b, "%s%.*s%s%u", s->before, SLICE_FMT(text), s->behind, n);
}

/* The remainder of a negative number is negative in some databases and positive
 * in others. Either way the sum is from 0 to 2^32, and the product less than
 * 2^63.
 */
static void by_number(struct buf *b, const struct part_sql *s,
		      struct slice column, unsigned n)
{
	buf_fmt(b,
		"(%s%.*s%s %% " PRIME " + " PRIME ") * 742938285 %% " PRIME
		" %% %u",
		s->wide, SLICE_FMT(column), s->too, n);
}

int part_wrap(const struct model_part *p, struct slice key, struct model *m,
	      const struct model_sql *sql, struct err *e)
{
	const struct part_sql *s = sql->part;
	const char *end = key.p + key.n;
	struct buf nulls = {0}, text = {0}, all = {0}, name = {0}, last = {0};
	size_t n = 0;

	for (const char *at = key.p; next_column(&at, end, &name); n++) {
		last.n = 0;
		model_quote(&last, sql, buf_all(&name));
		buf_fmt(&nulls, "%s%s IS NULL", n > 0 ? " OR " : "",
			buf_cstr(&last));
		buf_fmt(&text, "%s%s%s%s", n > 0 ? s->between : "", s->cast,
			buf_cstr(&last), s->as);
	}
	buf_fmt(&all, "CASE WHEN %s THEN 0 ELSE ", buf_cstr(&nulls));
	if (p->number)
		by_number(&all, s, buf_all(&last), p->n);
	else
		by_text(&all, s, buf_all(&text), p->n);
	buf_fmt(&all, " END = %u", p->i);
	model_where(m, buf_all(&all));
	buf_clear(&nulls);
	buf_clear(&text);
	buf_clear(&all);
	buf_clear(&name);
	buf_clear(&last);
	return p->number && n != 1
		       ? err_names(
				 e, ERR_USAGE,
				 "'--partition-by number' is for a key of one "
				 "column, a whole number; by text, the "
				 "default, takes any")
		       : 0;
}

void part_show(const struct model_part *p, struct buf *b)
{
	buf_fmt(b, "{\"i\":%u,\"n\":%u,\"by\":\"%s\"}", p->i, p->n,
		p->number ? "number" : "md5");
}

static int no_column(const char *name, const struct rows_column *c, size_t n,
		     struct err *e)
{
	const char **list = mem_zero((n + 1) * sizeof(*list)), *near;

	for (size_t i = 0; i < n; i++)
		list[i] = c[i].name;
	near = opt_nearest(name, list);
	free(list);
	return err_names(e, ERR_CONFIG,
			 "the model has no key column '%s'%s%s%s", name,
			 near ? "; did you mean '" : "", near ? near : "",
			 near ? "'?" : "");
}

static int check_type(const struct model_part *p, const char *name,
		      const char *type, struct err *e)
{
	static const char *const by_text[] = {"int", "any", "string"};

	for (size_t i = 0; i < COUNT_OF(by_text) - p->number; i++) {
		if (strcmp(type, by_text[i]) == 0)
			return 0;
	}
	if (p->number)
		return err_names(e, ERR_CONFIG,
				 "the key column '%s' is %s: --partition-by "
				 "number takes whole numbers; by text, the "
				 "default, takes strings too",
				 name, type);
	return err_names(
		e, ERR_CONFIG,
		"the key column '%s' is %s, whose text differs between "
		"databases: --partition takes whole numbers and "
		"strings; cast it in the model",
		name, type);
}

int part_check(struct slice key, const struct rows_column *c, size_t n,
	       const struct model_part *p, struct err *e)
{
	struct buf name = {0};
	int rc = 0;

	for (const char *at = key.p;
	     rc == 0 && next_column(&at, key.p + key.n, &name);) {
		const char *type = NULL;

		for (size_t i = 0; i < n; i++)
			type = slice_is(buf_all(&name), c[i].name) ? c[i].type
								   : type;
		if (!type)
			rc = no_column(buf_cstr(&name), c, n, e);
		else if (p)
			rc = check_type(p, buf_cstr(&name), type, e);
	}
	buf_clear(&name);
	return rc;
}
