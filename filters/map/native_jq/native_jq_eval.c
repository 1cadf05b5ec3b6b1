#include "map/native_jq/native_jq_eval.h"

#include "map/native_jq/native_jq_text.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

enum { MAX_MADE = 16 * 1024 * 1024 }; /* maximum size of a value in bytes */

#define WORD(k, s)                                                             \
	{                                                                      \
		.kind = (k), .ready = true, .text = {(s), sizeof(s) - 1 }      \
	}
const struct native_jq_value native_jq_eval_null = WORD(SCAN_NULL, "null");
static const struct native_jq_value bools[] = {WORD(SCAN_FALSE, "false"),
					       WORD(SCAN_TRUE, "true")};

int native_jq_eval_bool(struct native_jq_value *out, bool yes)
{
	*out = bools[yes];
	return NATIVE_JQ_ONE;
}

int native_jq_eval_made(struct native_jq_node *n, enum scan_kind kind,
			struct native_jq_value *out)
{
	if (n->made.n > MAX_MADE)
		return NATIVE_JQ_ODD;
	*out = (struct native_jq_value){
		.kind = kind,
		.ready = true,
		.text = buf_all(&n->made),
	};
	return NATIVE_JQ_ONE;
}

int native_jq_eval_worst(int a, int b)
{
	if (a == NATIVE_JQ_ONE || a == b)
		return b;
	return b == NATIVE_JQ_ONE ? a : NATIVE_JQ_ODD;
}

struct native_jq_value native_jq_eval_member(const struct scan_member *m)
{
	return (struct native_jq_value){
		.kind = m->kind,
		.ready = m->kind < SCAN_NUMBER ||
			 (m->kind == SCAN_STRING && m->plain),
		.text = m->value,
	};
}

/* ---- paths and constants ---------------------------------------------- */

static int eval_input(struct native_jq_eval *r, struct native_jq_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	(void)r;
	(void)n;
	*out = *in;
	return NATIVE_JQ_ONE;
}

static int eval_constant(struct native_jq_eval *r, struct native_jq_node *n,
			 const struct native_jq_value *in,
			 struct native_jq_value *out)
{
	(void)r;
	(void)in;
	*out = n->constant;
	return NATIVE_JQ_ONE;
}

static int eval_empty(struct native_jq_eval *r, struct native_jq_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	(void)r;
	(void)n;
	(void)in;
	(void)out;
	return NATIVE_JQ_NONE;
}

static int row_field(struct native_jq_eval *r, struct native_jq_node *n,
		     struct native_jq_value *out)
{
	if (UNLIKELY(n->shape != r->row->shape)) {
		n->at = scan_find(r->row->scan, n->name);
		n->shape = r->row->shape;
	}
	if (n->at < 0 || n->at == r->row->hidden)
		*out = native_jq_eval_null;
	else
		*out = native_jq_eval_member(&r->row->member[n->at]);
	return NATIVE_JQ_ONE;
}

static bool key_is(struct slice key, struct slice name, struct buf *spare)
{
	if (!memchr(key.p, '\\', key.n))
		return slice_eq(key, name);
	spare->n = 0;
	json_decode(spare, key);
	return slice_eq(buf_all(spare), name);
}

struct native_jq_value native_jq_eval_within(const struct native_jq_value *of,
					     struct slice text)
{
	return (struct native_jq_value){
		.kind = span_kind(*text.p),
		.ready = of->ready,
		.text = text,
	};
}

static int eval_field(struct native_jq_eval *r, struct native_jq_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	struct native_jq_value of;
	struct slice key, value;
	struct span s;
	int rc = native_jq_eval(r, n->a, in, &of);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	if (of.row)
		return row_field(r, n, out);
	if (of.kind != SCAN_OBJECT && of.kind != SCAN_NULL)
		return n->optional ? NATIVE_JQ_NONE : NATIVE_JQ_FAILED;
	*out = native_jq_eval_null;
	if (of.kind == SCAN_NULL)
		return NATIVE_JQ_ONE;
	s = span_open(of.text);
	while (span_member(&s, &key, &value)) {
		if (key_is(key, n->name, &n->spare)) {
			*out = native_jq_eval_within(&of, value);
			break;
		}
	}
	return NATIVE_JQ_ONE;
}

static int eval_index(struct native_jq_eval *r, struct native_jq_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	struct native_jq_value of;
	struct slice value;
	struct span s;
	size_t i = 0;
	int rc = native_jq_eval(r, n->a, in, &of);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	if (of.kind != SCAN_ARRAY && of.kind != SCAN_NULL)
		return n->optional ? NATIVE_JQ_NONE : NATIVE_JQ_FAILED;
	*out = native_jq_eval_null;
	if (of.kind == SCAN_NULL)
		return NATIVE_JQ_ONE;
	s = span_open(of.text);
	while (span_element(&s, &value)) {
		if (i++ == n->index) {
			*out = native_jq_eval_within(&of, value);
			break;
		}
	}
	return NATIVE_JQ_ONE;
}

/* ---- control ---------------------------------------------------------- */

static int eval_pipe(struct native_jq_eval *r, struct native_jq_node *n,
		     const struct native_jq_value *in,
		     struct native_jq_value *out)
{
	struct native_jq_value v;
	int rc = native_jq_eval(r, n->a, in, &v);

	return rc == NATIVE_JQ_ONE ? native_jq_eval(r, n->b, &v, out) : rc;
}

/* An error on the left makes the row odd: whether jq ignores it depends on its
 * version.
 */
static int eval_else(struct native_jq_eval *r, struct native_jq_node *n,
		     const struct native_jq_value *in,
		     struct native_jq_value *out)
{
	int rc = native_jq_eval(r, n->a, in, out);

	if (rc == NATIVE_JQ_ONE && native_jq_true(out))
		return rc;
	return rc <= NATIVE_JQ_ONE && rc != NATIVE_JQ_ODD
		       ? native_jq_eval(r, n->b, in, out)
		       : NATIVE_JQ_ODD;
}

static int eval_try(struct native_jq_eval *r, struct native_jq_node *n,
		    const struct native_jq_value *in,
		    struct native_jq_value *out)
{
	int rc = native_jq_eval(r, n->a, in, out);

	return rc == NATIVE_JQ_FAILED ? NATIVE_JQ_NONE : rc;
}

static int eval_logic(struct native_jq_eval *r, struct native_jq_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	struct native_jq_value v;
	int rc = native_jq_eval(r, n->a, in, &v);

	if (rc == NATIVE_JQ_ONE &&
	    native_jq_true(&v) == (n->op == NATIVE_JQ_AND))
		rc = native_jq_eval(r, n->b, in, &v);
	return rc == NATIVE_JQ_ONE
		       ? native_jq_eval_bool(out, native_jq_true(&v))
		       : rc;
}

static int eval_not(struct native_jq_eval *r, struct native_jq_node *n,
		    const struct native_jq_value *in,
		    struct native_jq_value *out)
{
	(void)r;
	(void)n;
	return native_jq_eval_bool(out, !native_jq_true(in));
}

static int eval_if(struct native_jq_eval *r, struct native_jq_node *n,
		   const struct native_jq_value *in,
		   struct native_jq_value *out)
{
	struct native_jq_value v;
	int rc = native_jq_eval(r, n->a, in, &v);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	return native_jq_eval(r, native_jq_true(&v) ? n->b : n->c, in, out);
}

static int eval_select(struct native_jq_eval *r, struct native_jq_node *n,
		       const struct native_jq_value *in,
		       struct native_jq_value *out)
{
	struct native_jq_value v;
	int rc = native_jq_eval(r, n->a, in, &v);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	*out = *in;
	return native_jq_true(&v) ? NATIVE_JQ_ONE : NATIVE_JQ_NONE;
}

int native_jq_eval(struct native_jq_eval *r, struct native_jq_node *n,
		   const struct native_jq_value *in,
		   struct native_jq_value *out)
{
	static native_jq_eval_fn *const table[] = {
		[NATIVE_JQ_INPUT] = eval_input,
		[NATIVE_JQ_FIELD] = eval_field,
		[NATIVE_JQ_INDEX] = eval_index,
		[NATIVE_JQ_CONSTANT] = eval_constant,
		[NATIVE_JQ_OBJECT] = native_jq_make_object,
		[NATIVE_JQ_ARRAY] = native_jq_make_array,
		[NATIVE_JQ_TEXT] = native_jq_make_text,
		[NATIVE_JQ_PIPE] = eval_pipe,
		[NATIVE_JQ_ELSE] = eval_else,
		[NATIVE_JQ_TRY] = eval_try,
		[NATIVE_JQ_AND] = eval_logic,
		[NATIVE_JQ_OR] = eval_logic,
		[NATIVE_JQ_IF] = eval_if,
		[NATIVE_JQ_SELECT] = eval_select,
		[NATIVE_JQ_COMPARE] = native_jq_make_compare,
		[NATIVE_JQ_ADD] = native_jq_make_compute,
		[NATIVE_JQ_SUBTRACT] = native_jq_make_compute,
		[NATIVE_JQ_MULTIPLY] = native_jq_make_compute,
		[NATIVE_JQ_STARTS] = native_jq_make_ends,
		[NATIVE_JQ_ENDS] = native_jq_make_ends,
		[NATIVE_JQ_EMPTY] = eval_empty,
		[NATIVE_JQ_NOT] = eval_not,
		[NATIVE_JQ_TYPE] = native_jq_make_type,
		[NATIVE_JQ_LENGTH] = native_jq_make_length,
		[NATIVE_JQ_TOSTRING] = native_jq_make_tostring,
		[NATIVE_JQ_DOWN] = native_jq_make_case,
		[NATIVE_JQ_UP] = native_jq_make_case,
	};

	return table[n->op](r, n, in, out);
}
