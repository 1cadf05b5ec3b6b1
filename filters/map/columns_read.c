#include "map/columns_read.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/native_jq/native_jq_columns.h"

/* Adds a name as a pattern that matches only that name; with glob it already is
 * a pattern.
 */
static void add(struct columns_read *x, struct slice name, bool glob)
{
	if (name.n == 0 || memchr(name.p, ',', name.n) ||
	    memchr(name.p, '\0', name.n)) {
		x->all = true;
		return;
	}
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c == '[' || c == '\\' || (!glob && (c == '*' || c == '?')))
			buf_char(&x->names, '\\');
		buf_char(&x->names, c);
	}
	buf_char(&x->names, '\0');
}

static void add_text(struct columns_read *x, const char *name)
{
	if (name)
		add(x, slice_str(name), false);
}

static void on_column(void *ctx, struct slice name)
{
	add(ctx, name, false);
}

static void add_program(struct columns_read *x, const char *program, bool value)
{
	if (program && !native_jq_columns(program, value, on_column, x))
		x->all = true;
}

void columns_read_add(struct columns_read *x, const struct mapping *m)
{
	add_text(x, m->user_id);
	add_text(x, m->anonymous_id);
	add_text(x, m->group_id);
	add_text(x, m->previous_id);
	add_text(x, m->event_column);
	add_text(x, m->timestamp);
	add_program(x, m->where, false);
	add_program(x, m->jq, true);
	for (size_t i = 0; i < m->n_computed; i++)
		add_program(x, m->computed[i].program, true);
	for (size_t i = 0; i < m->n_identifiers; i++)
		add(x, slice_of(m->identifier[i].name, m->identifier[i].n),
		    false);
	x->all = x->all || (m->all && !m->jq);
	for (size_t i = 0; i < m->n_columns; i++) {
		const struct mapping_column *c = &m->column[i];

		if (!c->leave_out)
			add(x, slice_of(c->name, c->n), c->glob);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void columns_read_show(struct columns_read *x, struct buf *b)
{
	const char **v = NULL;
	size_t n = 0;

	if (x->all || x->names.n == 0) {
		buf_char(b, '*');
	} else {
		for (size_t at = 0; at < x->names.n;
		     at += strlen(x->names.p + at) + 1) {
			v = mem_resize(v, (n + 1) * sizeof(*v));
			v[n++] = x->names.p + at;
		}
		qsort(v, n, sizeof(*v), by_text);
		for (size_t i = 0; i < n; i++) {
			if (i == 0 || strcmp(v[i], v[i - 1]) != 0)
				buf_fmt(b, "%s%s", i > 0 ? "," : "", v[i]);
		}
		free(v);
	}
	buf_clear(&x->names);
	*x = (struct columns_read){0};
}
