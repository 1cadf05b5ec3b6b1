#include "map/native_jq/native_jq_eval.h"

#include "map/native_jq/native_jq_text.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

enum { MAX_MADE = 16 * 1024 * 1024 }; /* bytes of one value */

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

/* What was made in a node. */
int native_jq_eval_made(struct lite_node *n, enum scan_kind kind,
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

/* Of two operands, either of which libjq may look at first. */
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

static int eval_input(struct native_jq_eval *r, struct lite_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	(void)r;
	(void)n;
	*out = *in;
	return NATIVE_JQ_ONE;
}

static int eval_constant(struct native_jq_eval *r, struct lite_node *n,
			 const struct native_jq_value *in,
			 struct native_jq_value *out)
{
	(void)r;
	(void)in;
	*out = n->constant;
	return NATIVE_JQ_ONE;
}

static int eval_empty(struct native_jq_eval *r, struct lite_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	(void)r;
	(void)n;
	(void)in;
	(void)out;
	return NATIVE_JQ_NONE;
}

static int row_field(struct native_jq_eval *r, struct lite_node *n,
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

static int eval_field(struct native_jq_eval *r, struct lite_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	struct native_jq_value of;
	struct slice key, value;
	struct span s;
	int rc = lite_eval(r, n->a, in, &of);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	if (of.row)
		return row_field(r, n, out);
	if (of.kind != SCAN_OBJECT && of.kind != SCAN_NULL)
		return n->optional ? NATIVE_JQ_NONE : LITE_FAILED;
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

static int eval_index(struct native_jq_eval *r, struct lite_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	struct native_jq_value of;
	struct slice value;
	struct span s;
	size_t i = 0;
	int rc = lite_eval(r, n->a, in, &of);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	if (of.kind != SCAN_ARRAY && of.kind != SCAN_NULL)
		return n->optional ? NATIVE_JQ_NONE : LITE_FAILED;
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

static int eval_pipe(struct native_jq_eval *r, struct lite_node *n,
		     const struct native_jq_value *in,
		     struct native_jq_value *out)
{
	struct native_jq_value v;
	int rc = lite_eval(r, n->a, in, &v);

	return rc == NATIVE_JQ_ONE ? lite_eval(r, n->b, &v, out) : rc;
}

/* Whether an error on the left counts as nothing depends on the version of jq.
 */
static int eval_else(struct native_jq_eval *r, struct lite_node *n,
		     const struct native_jq_value *in,
		     struct native_jq_value *out)
{
	int rc = lite_eval(r, n->a, in, out);

	if (rc == NATIVE_JQ_ONE && native_jq_true(out))
		return rc;
	return rc <= NATIVE_JQ_ONE && rc != NATIVE_JQ_ODD
		       ? lite_eval(r, n->b, in, out)
		       : NATIVE_JQ_ODD;
}

static int eval_try(struct native_jq_eval *r, struct lite_node *n,
		    const struct native_jq_value *in,
		    struct native_jq_value *out)
{
	int rc = lite_eval(r, n->a, in, out);

	return rc == LITE_FAILED ? NATIVE_JQ_NONE : rc;
}

static int eval_logic(struct native_jq_eval *r, struct lite_node *n,
		      const struct native_jq_value *in,
		      struct native_jq_value *out)
{
	struct native_jq_value v;
	int rc = lite_eval(r, n->a, in, &v);

	if (rc == NATIVE_JQ_ONE && native_jq_true(&v) == (n->op == LITE_AND))
		rc = lite_eval(r, n->b, in, &v);
	return rc == NATIVE_JQ_ONE
		       ? native_jq_eval_bool(out, native_jq_true(&v))
		       : rc;
}

static int eval_not(struct native_jq_eval *r, struct lite_node *n,
		    const struct native_jq_value *in,
		    struct native_jq_value *out)
{
	(void)r;
	(void)n;
	return native_jq_eval_bool(out, !native_jq_true(in));
}

static int eval_if(struct native_jq_eval *r, struct lite_node *n,
		   const struct native_jq_value *in,
		   struct native_jq_value *out)
{
	struct native_jq_value v;
	int rc = lite_eval(r, n->a, in, &v);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	return lite_eval(r, native_jq_true(&v) ? n->b : n->c, in, out);
}

static int eval_select(struct native_jq_eval *r, struct lite_node *n,
		       const struct native_jq_value *in,
		       struct native_jq_value *out)
{
	struct native_jq_value v;
	int rc = lite_eval(r, n->a, in, &v);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	*out = *in;
	return native_jq_true(&v) ? NATIVE_JQ_ONE : NATIVE_JQ_NONE;
}

int lite_eval(struct native_jq_eval *r, struct lite_node *n,
	      const struct native_jq_value *in, struct native_jq_value *out)
{
	static native_jq_eval_fn *const table[] = {
		[LITE_INPUT] = eval_input,
		[LITE_FIELD] = eval_field,
		[LITE_INDEX] = eval_index,
		[LITE_CONSTANT] = eval_constant,
		[LITE_OBJECT] = lite_make_object,
		[LITE_ARRAY] = lite_make_array,
		[LITE_TEXT] = lite_make_text,
		[LITE_PIPE] = eval_pipe,
		[LITE_ELSE] = eval_else,
		[LITE_TRY] = eval_try,
		[LITE_AND] = eval_logic,
		[LITE_OR] = eval_logic,
		[LITE_IF] = eval_if,
		[LITE_SELECT] = eval_select,
		[LITE_COMPARE] = lite_make_compare,
		[LITE_ADD] = lite_make_compute,
		[LITE_SUBTRACT] = lite_make_compute,
		[LITE_MULTIPLY] = lite_make_compute,
		[LITE_STARTS] = lite_make_ends,
		[LITE_ENDS] = lite_make_ends,
		[LITE_EMPTY] = eval_empty,
		[LITE_NOT] = eval_not,
		[LITE_TYPE] = lite_make_type,
		[LITE_LENGTH] = lite_make_length,
		[LITE_TOSTRING] = lite_make_tostring,
		[LITE_DOWN] = lite_make_case,
		[LITE_UP] = lite_make_case,
	};

	return table[n->op](r, n, in, out);
}
