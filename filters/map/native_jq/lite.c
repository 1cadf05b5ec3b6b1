#include "map/native_jq/lite.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/native_jq/lite_eval.h"
#include "map/native_jq/lite_text.h"
#include "map/value/number.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

/* ---- text of values --------------------------------------------------- */

static int put_key(struct buf *b, struct slice key, struct buf *spare)
{
	if (lite_text_surrogate(key))
		return -1;
	if (memchr(key.p, '\\', key.n)) {
		spare->n = 0;
		json_decode(spare, key);
		json_string(b, buf_all(spare));
		return 0;
	}
	buf_char(b, '"');
	buf_slice(b, key);
	buf_char(b, '"');
	return 0;
}

static int put(struct lite *l, const struct lite_value *v, struct buf *b)
{
	if (!v->ready)
		return lite_text_put(b, v->text, &l->spare);
	buf_slice(b, v->text);
	return 0;
}

static int put_row(struct lite *l, const struct lite_row *row, struct buf *b)
{
	bool first = true;

	buf_char(b, '{');
	for (size_t i = 0; i < row->n; i++) {
		struct lite_value v = lite_eval_member(&row->member[i]);

		if ((int)i == row->hidden)
			continue;
		if (!first)
			buf_char(b, ',');
		first = false;
		if (put_key(b, row->member[i].key, &l->spare) < 0)
			return -1;
		buf_char(b, ':');
		if (put(l, &v, b) < 0)
			return -1;
	}
	buf_char(b, '}');
	return 0;
}

int lite_put(struct lite *l, const struct lite_row *row,
	     const struct lite_value *v, struct buf *b)
{
	return v->row ? put_row(l, row, b) : put(l, v, b);
}

static const struct lite_value the_row = {.kind = SCAN_OBJECT, .row = true};

/* ---- members ---------------------------------------------------------- */

struct giving {
	struct lite_eval r;
	lite_member_fn *add;
	void *ctx;
};

static int give_made_object(struct giving *g, struct lite_node *n,
			    const struct lite_value *in)
{
	int rc = LITE_ONE;

	for (struct lite_node *m = n->list; m; m = m->next) {
		struct lite_value v;

		rc = lite_eval_worst(rc, lite_eval(&g->r, m->a, in, &v));
		if (rc == LITE_ONE &&
		    lite_put(g->r.l, g->r.row, &v,
			     g->add(g->ctx, m->name, buf_all(&m->made))) < 0)
			return LITE_ODD;
	}
	return rc;
}

/* A member's name with escapes would have to be kept somewhere. */
static int give_text_object(struct giving *g, const struct lite_value *v)
{
	struct span s = span_open(v->text);
	struct slice key, value;

	while (span_member(&s, &key, &value)) {
		struct lite_value one = lite_eval_within(v, value);

		if (memchr(key.p, '\\', key.n) ||
		    put(g->r.l, &one, g->add(g->ctx, key, slice_of(NULL, 0))) <
			    0)
			return LITE_ODD;
	}
	return LITE_ONE;
}

static int give_row(struct giving *g)
{
	const struct lite_row *row = g->r.row;

	for (size_t i = 0; i < row->n; i++) {
		struct lite_value v = lite_eval_member(&row->member[i]);
		struct slice key = row->member[i].key;

		if ((int)i == row->hidden)
			continue;
		if (memchr(key.p, '\\', key.n) ||
		    put(g->r.l, &v, g->add(g->ctx, key, slice_of(NULL, 0))) < 0)
			return LITE_ODD;
	}
	return LITE_ONE;
}

static int give_object(struct giving *g, struct lite_node *n,
		       const struct lite_value *in)
{
	struct lite_value v;
	int rc;

	if (n->op == LITE_OBJECT)
		return give_made_object(g, n, in);
	rc = n->op == LITE_PIPE || n->op == LITE_IF
		     ? lite_eval(&g->r, n->a, in, &v)
		     : lite_eval(&g->r, n, in, &v);
	if (rc != LITE_ONE)
		return rc;
	if (n->op == LITE_PIPE)
		return give_object(g, n->b, &v);
	if (n->op == LITE_IF)
		return give_object(g, lite_true(&v) ? n->b : n->c, in);
	if (v.row)
		return give_row(g);
	return v.kind == SCAN_OBJECT ? give_text_object(g, &v) : LITE_ODD;
}

bool lite_fits(const struct scan_member *m)
{
	if (UNLIKELY(m->long_number) && number_quote(m->value, NULL) > 0)
		return false;
	return m->plain || !lite_text_surrogate(m->value);
}

/* ---- programs --------------------------------------------------------- */

struct lite *lite_new(const char *program, struct lite_no *why)
{
	struct lite *l = mem_zero(sizeof(*l));

	if (lite_parse(l, program, why) == 0)
		return l;
	lite_free(l);
	return NULL;
}

void lite_free(struct lite *l)
{
	if (!l)
		return;
	while (l->all) {
		struct lite_node *n = l->all;

		l->all = n->all;
		buf_clear(&n->own);
		buf_clear(&n->made);
		buf_clear(&n->spare);
		free(n);
	}
	buf_clear(&l->spare);
	free(l);
}

enum lite_result lite_run(struct lite *l, const struct lite_row *row,
			  struct lite_value *v)
{
	struct lite_eval r = {.l = l, .row = row};
	int rc = lite_eval(&r, l->root, &the_row, v);

	return rc == LITE_FAILED ? LITE_ODD : (enum lite_result)rc;
}

enum lite_result lite_object(struct lite *l, const struct lite_row *row,
			     lite_member_fn *add, void *ctx)
{
	struct giving g = {.r = {.l = l, .row = row}, .add = add, .ctx = ctx};
	int rc = give_object(&g, l->root, &the_row);

	return rc == LITE_FAILED ? LITE_ODD : (enum lite_result)rc;
}
