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

int part_parse(struct model_part *p, const char *text, struct err *e)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	uint64_t i = 0, n = 0;

	*p = (struct model_part){0};
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
	*p = (struct model_part){(unsigned)i, (unsigned)n};
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
		 : err_set(e, ERR_USAGE, "'%s' is not a list of columns", list);
}

/* The next column of the array at *p, in name; false behind the last. */
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

void part_wrap(const struct model_part *p, struct slice key, struct model *m,
	       const struct model_sql *sql)
{
	const struct part_sql *s = sql->part;
	const char *end = key.p + key.n;
	struct buf nulls = {0}, text = {0}, all = {0}, name = {0};

	for (const char *at = key.p; next_column(&at, end, &name);) {
		buf_str(&nulls, nulls.n > 0 ? " OR " : "");
		model_quote(&nulls, sql, buf_all(&name));
		buf_str(&nulls, " IS NULL");
		buf_str(&text, text.n > 0 ? s->between : "");
		buf_str(&text, s->cast);
		model_quote(&text, sql, buf_all(&name));
		buf_str(&text, s->as);
	}
	buf_fmt(&all, "CASE WHEN %s THEN 0 ELSE %s%s%s%u END = %u",
		buf_cstr(&nulls), s->before, buf_cstr(&text), s->behind, p->n,
		p->i);
	model_where(m, buf_all(&all));
	buf_clear(&nulls);
	buf_clear(&text);
	buf_clear(&all);
	buf_clear(&name);
}

void part_show(const struct model_part *p, struct buf *b)
{
	buf_fmt(b, "{\"i\":%u,\"n\":%u,\"by\":\"md5\"}", p->i, p->n);
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

int part_check(struct slice key, const struct rows_column *c, size_t n,
	       bool typed, struct err *e)
{
	static const char *const fine[] = {"int", "string", "any"};
	struct buf name = {0};
	int rc = 0;

	for (const char *at = key.p;
	     rc == 0 && next_column(&at, key.p + key.n, &name);) {
		const char *type = NULL;
		bool is = false;

		for (size_t i = 0; i < n; i++)
			type = slice_is(buf_all(&name), c[i].name) ? c[i].type
								   : type;
		for (size_t i = 0; type && i < COUNT_OF(fine); i++)
			is |= strcmp(type, fine[i]) == 0;
		if (!type)
			rc = no_column(buf_cstr(&name), c, n, e);
		else if (typed && !is)
			rc = err_names(
				e, ERR_CONFIG,
				"the key column '%s' is %s, whose text "
				"differs between databases: --partition "
				"takes whole numbers and strings; cast it "
				"in the model",
				buf_cstr(&name), type);
	}
	buf_clear(&name);
	return rc;
}
