#include "map/native_jq/native_jq.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/native_jq/native_jq_eval.h"
#include "map/native_jq/native_jq_text.h"
#include "wire/json/json.h"
#include "wire/json/number.h"
#include "wire/json/span.h"

/* ---- text of values --------------------------------------------------- */

static int put(struct native_jq *l, const struct native_jq_value *v,
	       struct buf *b)
{
	if (!v->ready)
		return native_jq_text_put(b, v->text, &l->spare);
	buf_slice(b, v->text);
	return 0;
}

/* Appends the two characters mark between two spans of the row, copied from the
 * row itself if it has no white space there: then one longer span is copied.
 */
static void copy_mark(struct native_jq_text_copying *c, const char *from,
		      const char *to, const char *mark)
{
	bool as_written = from && to - from == 2;

	native_jq_text_piece(c, slice_of(as_written ? from : mark, 2));
}

static int copy_key(struct native_jq_text_copying *c, struct slice key,
		    struct buf *spare)
{
	if (LIKELY(!memchr(key.p, '\\', key.n))) {
		native_jq_text_piece(c, key);
		return 0;
	}
	if (native_jq_text_surrogate(key))
		return -1;
	native_jq_text_end(c);
	spare->n = 0;
	json_decode(spare, key);
	json_escape(c->b, buf_all(spare));
	return 0;
}

static int put_row(struct native_jq *l, const struct native_jq_row *row,
		   struct buf *b)
{
	struct native_jq_text_copying c = native_jq_text_begin(b);
	const char *end = NULL; /* end of the previous member */

	for (size_t i = 0; i < row->n; i++) {
		const struct scan_member *m = &row->member[i];
		struct native_jq_value v = native_jq_eval_member(m);

		if ((int)i == row->hidden)
			continue;
		copy_mark(&c, end, m->key.p, end ? ",\"" : "{\"");
		if (copy_key(&c, m->key, &l->spare) < 0)
			return -1;
		copy_mark(&c, m->key.p + m->key.n, v.text.p, "\":");
		if (v.ready)
			native_jq_text_piece(&c, v.text);
		else if (native_jq_text_copy(&c, v.text, &l->spare) < 0)
			return -1;
		end = v.text.p + v.text.n;
	}
	native_jq_text_end(&c);
	buf_str(b, end ? "}" : "{}");
	return 0;
}

int native_jq_put(struct native_jq *l, const struct native_jq_row *row,
		  const struct native_jq_value *v, struct buf *b)
{
	return v->row ? put_row(l, row, b) : put(l, v, b);
}

static const struct native_jq_value the_row = {.kind = SCAN_OBJECT,
					       .row = true};

/* ---- members ---------------------------------------------------------- */

struct giving {
	struct native_jq_eval r;
	native_jq_member_fn *add;
	void *ctx;
};

static int give_made_object(struct giving *g, struct native_jq_node *n,
			    const struct native_jq_value *in)
{
	int rc = NATIVE_JQ_ONE;

	for (struct native_jq_node *m = n->list; m; m = m->next) {
		struct native_jq_value v;

		rc = native_jq_eval_worst(rc,
					  native_jq_eval(&g->r, m->a, in, &v));
		if (rc == NATIVE_JQ_ONE &&
		    native_jq_put(g->r.l, g->r.row, &v,
				  g->add(g->ctx, m->name, buf_all(&m->made))) <
			    0)
			return NATIVE_JQ_ODD;
	}
	return rc;
}

/* Adds the members of an object that is JSON text. A name with escapes is odd,
 * because there is no memory that would keep its decoded form.
 */
static int give_text_object(struct giving *g, const struct native_jq_value *v)
{
	struct span s = span_open(v->text);
	struct slice key, value;

	while (span_member(&s, &key, &value)) {
		struct native_jq_value one = native_jq_eval_within(v, value);

		if (memchr(key.p, '\\', key.n) ||
		    put(g->r.l, &one, g->add(g->ctx, key, slice_of(NULL, 0))) <
			    0)
			return NATIVE_JQ_ODD;
	}
	return NATIVE_JQ_ONE;
}

static int give_row(struct giving *g)
{
	const struct native_jq_row *row = g->r.row;

	for (size_t i = 0; i < row->n; i++) {
		struct native_jq_value v =
			native_jq_eval_member(&row->member[i]);
		struct slice key = row->member[i].key;

		if ((int)i == row->hidden)
			continue;
		if (memchr(key.p, '\\', key.n) ||
		    put(g->r.l, &v, g->add(g->ctx, key, slice_of(NULL, 0))) < 0)
			return NATIVE_JQ_ODD;
	}
	return NATIVE_JQ_ONE;
}

static int give_object(struct giving *g, struct native_jq_node *n,
		       const struct native_jq_value *in)
{
	struct native_jq_value v;
	int rc;

	if (n->op == NATIVE_JQ_OBJECT)
		return give_made_object(g, n, in);
	rc = n->op == NATIVE_JQ_PIPE || n->op == NATIVE_JQ_IF
		     ? native_jq_eval(&g->r, n->a, in, &v)
		     : native_jq_eval(&g->r, n, in, &v);
	if (rc != NATIVE_JQ_ONE)
		return rc;
	if (n->op == NATIVE_JQ_PIPE)
		return give_object(g, n->b, &v);
	if (n->op == NATIVE_JQ_IF)
		return give_object(g, native_jq_true(&v) ? n->b : n->c, in);
	if (v.row)
		return give_row(g);
	return v.kind == SCAN_OBJECT ? give_text_object(g, &v) : NATIVE_JQ_ODD;
}

bool native_jq_fits(const struct scan_member *m)
{
	if (UNLIKELY(m->long_number) && number_quote(m->value, NULL) > 0)
		return false;
	return m->plain || !native_jq_text_surrogate(m->value);
}

/* ---- programs --------------------------------------------------------- */

struct native_jq *native_jq_new(const char *program, struct native_jq_no *why)
{
	struct native_jq *l = mem_zero(sizeof(*l));

	if (native_jq_parse(l, program, why) == 0)
		return l;
	native_jq_free(l);
	return NULL;
}

void native_jq_free(struct native_jq *l)
{
	if (!l)
		return;
	while (l->all) {
		struct native_jq_node *n = l->all;

		l->all = n->all;
		buf_clear(&n->own);
		buf_clear(&n->made);
		buf_clear(&n->spare);
		free(n);
	}
	buf_clear(&l->spare);
	free(l);
}

enum native_jq_result native_jq_run(struct native_jq *l,
				    const struct native_jq_row *row,
				    struct native_jq_value *v)
{
	struct native_jq_eval r = {.l = l, .row = row};
	int rc = native_jq_eval(&r, l->root, &the_row, v);

	return rc == NATIVE_JQ_FAILED ? NATIVE_JQ_ODD
				      : (enum native_jq_result)rc;
}

enum native_jq_result native_jq_object(struct native_jq *l,
				       const struct native_jq_row *row,
				       native_jq_member_fn *add, void *ctx)
{
	struct giving g = {.r = {.l = l, .row = row}, .add = add, .ctx = ctx};
	int rc = give_object(&g, l->root, &the_row);

	return rc == NATIVE_JQ_FAILED ? NATIVE_JQ_ODD
				      : (enum native_jq_result)rc;
}
