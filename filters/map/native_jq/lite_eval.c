#include "map/native_jq/lite_eval.h"

#include "map/native_jq/lite_text.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

enum { MAX_MADE = 16 * 1024 * 1024 }; /* bytes of one value */

#define WORD(k, s)                                                             \
	{                                                                      \
		.kind = (k), .ready = true, .text = {(s), sizeof(s) - 1 }      \
	}
const struct lite_value lite_eval_null = WORD(SCAN_NULL, "null");
static const struct lite_value bools[] = {WORD(SCAN_FALSE, "false"),
					  WORD(SCAN_TRUE, "true")};

int lite_eval_bool(struct lite_value *out, bool yes)
{
	*out = bools[yes];
	return LITE_ONE;
}

/* What was made in a node. */
int lite_eval_made(struct lite_node *n, enum scan_kind kind,
		   struct lite_value *out)
{
	if (n->made.n > MAX_MADE)
		return LITE_ODD;
	*out = (struct lite_value){
		.kind = kind,
		.ready = true,
		.text = buf_all(&n->made),
	};
	return LITE_ONE;
}

/* Of two operands, either of which libjq may look at first. */
int lite_eval_worst(int a, int b)
{
	if (a == LITE_ONE || a == b)
		return b;
	return b == LITE_ONE ? a : LITE_ODD;
}

struct lite_value lite_eval_member(const struct scan_member *m)
{
	return (struct lite_value){
		.kind = m->kind,
		.ready = m->kind < SCAN_NUMBER ||
			 (m->kind == SCAN_STRING && m->plain),
		.text = m->value,
	};
}

/* ---- paths and constants ---------------------------------------------- */

static int eval_input(struct lite_eval *r, struct lite_node *n,
		      const struct lite_value *in, struct lite_value *out)
{
	(void)r;
	(void)n;
	*out = *in;
	return LITE_ONE;
}

static int eval_constant(struct lite_eval *r, struct lite_node *n,
			 const struct lite_value *in, struct lite_value *out)
{
	(void)r;
	(void)in;
	*out = n->constant;
	return LITE_ONE;
}

static int eval_empty(struct lite_eval *r, struct lite_node *n,
		      const struct lite_value *in, struct lite_value *out)
{
	(void)r;
	(void)n;
	(void)in;
	(void)out;
	return LITE_NONE;
}

static int row_field(struct lite_eval *r, struct lite_node *n,
		     struct lite_value *out)
{
	if (UNLIKELY(n->shape != r->row->shape)) {
		n->at = scan_find(r->row->scan, n->name);
		n->shape = r->row->shape;
	}
	if (n->at < 0 || n->at == r->row->hidden)
		*out = lite_eval_null;
	else
		*out = lite_eval_member(&r->row->member[n->at]);
	return LITE_ONE;
}

static bool key_is(struct slice key, struct slice name, struct buf *spare)
{
	if (!memchr(key.p, '\\', key.n))
		return slice_eq(key, name);
	spare->n = 0;
	json_decode(spare, key);
	return slice_eq(buf_all(spare), name);
}

struct lite_value lite_eval_within(const struct lite_value *of,
				   struct slice text)
{
	return (struct lite_value){
		.kind = span_kind(*text.p),
		.ready = of->ready,
		.text = text,
	};
}

static int eval_field(struct lite_eval *r, struct lite_node *n,
		      const struct lite_value *in, struct lite_value *out)
{
	struct lite_value of;
	struct slice key, value;
	struct span s;
	int rc = lite_eval(r, n->a, in, &of);

	if (rc != LITE_ONE)
		return rc;
	if (of.row)
		return row_field(r, n, out);
	if (of.kind != SCAN_OBJECT && of.kind != SCAN_NULL)
		return n->optional ? LITE_NONE : LITE_FAILED;
	*out = lite_eval_null;
	if (of.kind == SCAN_NULL)
		return LITE_ONE;
	s = span_open(of.text);
	while (span_member(&s, &key, &value)) {
		if (key_is(key, n->name, &n->spare)) {
			*out = lite_eval_within(&of, value);
			break;
		}
	}
	return LITE_ONE;
}

static int eval_index(struct lite_eval *r, struct lite_node *n,
		      const struct lite_value *in, struct lite_value *out)
{
	struct lite_value of;
	struct slice value;
	struct span s;
	size_t i = 0;
	int rc = lite_eval(r, n->a, in, &of);

	if (rc != LITE_ONE)
		return rc;
	if (of.kind != SCAN_ARRAY && of.kind != SCAN_NULL)
		return n->optional ? LITE_NONE : LITE_FAILED;
	*out = lite_eval_null;
	if (of.kind == SCAN_NULL)
		return LITE_ONE;
	s = span_open(of.text);
	while (span_element(&s, &value)) {
		if (i++ == n->index) {
			*out = lite_eval_within(&of, value);
			break;
		}
	}
	return LITE_ONE;
}

/* ---- control ---------------------------------------------------------- */

static int eval_pipe(struct lite_eval *r, struct lite_node *n,
		     const struct lite_value *in, struct lite_value *out)
{
	struct lite_value v;
	int rc = lite_eval(r, n->a, in, &v);

	return rc == LITE_ONE ? lite_eval(r, n->b, &v, out) : rc;
}

/* Whether an error on the left counts as nothing depends on the version of jq.
 */
static int eval_else(struct lite_eval *r, struct lite_node *n,
		     const struct lite_value *in, struct lite_value *out)
{
	int rc = lite_eval(r, n->a, in, out);

	if (rc == LITE_ONE && lite_true(out))
		return rc;
	return rc <= LITE_ONE && rc != LITE_ODD ? lite_eval(r, n->b, in, out)
						: LITE_ODD;
}

static int eval_try(struct lite_eval *r, struct lite_node *n,
		    const struct lite_value *in, struct lite_value *out)
{
	int rc = lite_eval(r, n->a, in, out);

	return rc == LITE_FAILED ? LITE_NONE : rc;
}

static int eval_logic(struct lite_eval *r, struct lite_node *n,
		      const struct lite_value *in, struct lite_value *out)
{
	struct lite_value v;
	int rc = lite_eval(r, n->a, in, &v);

	if (rc == LITE_ONE && lite_true(&v) == (n->op == LITE_AND))
		rc = lite_eval(r, n->b, in, &v);
	return rc == LITE_ONE ? lite_eval_bool(out, lite_true(&v)) : rc;
}

static int eval_not(struct lite_eval *r, struct lite_node *n,
		    const struct lite_value *in, struct lite_value *out)
{
	(void)r;
	(void)n;
	return lite_eval_bool(out, !lite_true(in));
}

static int eval_if(struct lite_eval *r, struct lite_node *n,
		   const struct lite_value *in, struct lite_value *out)
{
	struct lite_value v;
	int rc = lite_eval(r, n->a, in, &v);

	if (rc != LITE_ONE)
		return rc;
	return lite_eval(r, lite_true(&v) ? n->b : n->c, in, out);
}

static int eval_select(struct lite_eval *r, struct lite_node *n,
		       const struct lite_value *in, struct lite_value *out)
{
	struct lite_value v;
	int rc = lite_eval(r, n->a, in, &v);

	if (rc != LITE_ONE)
		return rc;
	*out = *in;
	return lite_true(&v) ? LITE_ONE : LITE_NONE;
}

int lite_eval(struct lite_eval *r, struct lite_node *n,
	      const struct lite_value *in, struct lite_value *out)
{
	static lite_eval_fn *const table[] = {
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
