/* native_jq_make.c - makes the new values of a simple jq program: objects,
 * arrays, strings, results of comparisons.
 */
#include "map/native_jq/native_jq_eval.h"

#include <math.h>

#include "map/native_jq/native_jq_text.h"
#include "wire/jq/jqjson.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

/* ---- what is made ----------------------------------------------------- */

int native_jq_make_object(struct native_jq_eval *r, struct native_jq_node *n,
			  const struct native_jq_value *in,
			  struct native_jq_value *out)
{
	struct buf *b = &n->made;
	int rc = NATIVE_JQ_ONE;

	b->n = 0;
	for (struct native_jq_node *m = n->list; m; m = m->next) {
		struct native_jq_value v;
		int one = native_jq_eval(r, m->a, in, &v);

		rc = native_jq_eval_worst(rc, one);
		if (rc != NATIVE_JQ_ONE)
			continue;
		buf_char(b, m == n->list ? '{' : ',');
		buf_slice(b, buf_all(&m->made));
		if (native_jq_put(r->l, r->row, &v, b) < 0)
			return NATIVE_JQ_ODD;
	}
	buf_char(b, '}');
	return rc == NATIVE_JQ_ONE ? native_jq_eval_made(n, SCAN_OBJECT, out)
				   : rc;
}

/* An error in an element makes the row odd. Inside "?", libjq would treat it as
 * the end of the elements.
 */
int native_jq_make_array(struct native_jq_eval *r, struct native_jq_node *n,
			 const struct native_jq_value *in,
			 struct native_jq_value *out)
{
	struct buf *b = &n->made;

	b->n = 0;
	buf_char(b, '[');
	for (struct native_jq_node *m = n->list; m; m = m->next) {
		struct native_jq_value v;
		int rc = native_jq_eval(r, m, in, &v);

		if (rc == NATIVE_JQ_NONE)
			continue;
		if (rc != NATIVE_JQ_ONE)
			return NATIVE_JQ_ODD;
		if (b->n > 1)
			buf_char(b, ',');
		if (native_jq_put(r->l, r->row, &v, b) < 0)
			return NATIVE_JQ_ODD;
	}
	buf_char(b, ']');
	return native_jq_eval_made(n, SCAN_ARRAY, out);
}

/* Appends the text of tostring for a value, not yet as a JSON string. */
static int add_text(struct native_jq_eval *r, const struct native_jq_value *v,
		    struct buf *b)
{
	size_t from = b->n;

	if (v->kind == SCAN_STRING) {
		buf_slice(b, native_jq_text_decode(v->text, &r->l->spare));
		return NATIVE_JQ_ONE;
	}
	if (native_jq_put(r->l, r->row, v, b) < 0)
		return NATIVE_JQ_ODD;
	/* DEL: libjq writes it in a different way */
	return memchr(b->p + from, 0x7f, b->n - from) ? NATIVE_JQ_ODD
						      : NATIVE_JQ_ONE;
}

int native_jq_make_text(struct native_jq_eval *r, struct native_jq_node *n,
			const struct native_jq_value *in,
			struct native_jq_value *out)
{
	int rc = NATIVE_JQ_ONE;

	n->spare.n = 0;
	n->made.n = 0;
	buf_room(&n->spare, 1); /* so that the buffer is not NULL when empty */
	for (struct native_jq_node *m = n->list; m; m = m->next) {
		struct native_jq_value v;

		rc = native_jq_eval_worst(rc, native_jq_eval(r, m, in, &v));
		if (rc == NATIVE_JQ_ONE)
			rc = add_text(r, &v, &n->spare);
	}
	if (rc != NATIVE_JQ_ONE)
		return rc;
	json_string(&n->made, buf_all(&n->spare));
	return native_jq_eval_made(n, SCAN_STRING, out);
}

int native_jq_make_tostring(struct native_jq_eval *r, struct native_jq_node *n,
			    const struct native_jq_value *in,
			    struct native_jq_value *out)
{
	if (in->kind == SCAN_STRING) {
		*out = *in;
		return NATIVE_JQ_ONE;
	}
	n->spare.n = 0;
	n->made.n = 0;
	if (add_text(r, in, &n->spare) != NATIVE_JQ_ONE)
		return NATIVE_JQ_ODD;
	json_string(&n->made, buf_all(&n->spare));
	return native_jq_eval_made(n, SCAN_STRING, out);
}

int native_jq_make_case(struct native_jq_eval *r, struct native_jq_node *n,
			const struct native_jq_value *in,
			struct native_jq_value *out)
{
	struct buf *b = &n->spare;
	char first = n->op == NATIVE_JQ_DOWN ? 'A' : 'a';

	(void)r;
	if (in->kind != SCAN_STRING)
		return NATIVE_JQ_FAILED;
	b->n = 0;
	n->made.n = 0;
	buf_room(b, 1);
	buf_slice(b, native_jq_text_decode(in->text, &r->l->spare));
	for (size_t i = 0; i < b->n; i++) {
		if ((unsigned char)(b->p[i] - first) < 26)
			b->p[i] ^= 0x20;
	}
	json_string(&n->made, buf_all(b));
	return native_jq_eval_made(n, SCAN_STRING, out);
}

int native_jq_make_type(struct native_jq_eval *r, struct native_jq_node *n,
			const struct native_jq_value *in,
			struct native_jq_value *out)
{
	static const char *const names[] = {
		[SCAN_NULL] = "\"null\"",     [SCAN_FALSE] = "\"boolean\"",
		[SCAN_TRUE] = "\"boolean\"",  [SCAN_NUMBER] = "\"number\"",
		[SCAN_STRING] = "\"string\"", [SCAN_ARRAY] = "\"array\"",
		[SCAN_OBJECT] = "\"object\"",
	};

	(void)r;
	(void)n;
	*out = (struct native_jq_value){
		.kind = SCAN_STRING,
		.ready = true,
		.text = slice_str(names[in->kind]),
	};
	return NATIVE_JQ_ONE;
}

static uint64_t count_inside(const struct native_jq_eval *r,
			     const struct native_jq_value *v)
{
	struct slice key, value;
	struct span s;
	uint64_t n = 0;

	if (v->row)
		return r->row->n - (r->row->hidden >= 0);
	s = span_open(v->text);
	if (v->kind == SCAN_ARRAY) {
		while (span_element(&s, &value))
			n++;
	} else {
		while (span_member(&s, &key, &value))
			n++;
	}
	return n;
}

static uint64_t characters(struct slice s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static struct slice without_minus(struct slice number)
{
	bool minus = *number.p == '-';

	return slice_of(number.p + minus, number.n - minus);
}

int native_jq_make_length(struct native_jq_eval *r, struct native_jq_node *n,
			  const struct native_jq_value *in,
			  struct native_jq_value *out)
{
	struct buf *b = &n->made;

	b->n = 0;
	switch (in->kind) {
	case SCAN_NULL:
		buf_char(b, '0');
		break;
	case SCAN_NUMBER:
		jqjson_number(b, fabs(native_jq_text_double(in->text)));
		if (!slice_eq(buf_all(b), without_minus(in->text)))
			return NATIVE_JQ_ODD; /* libjq 1.8 prints it with the
						 original digits */
		break;
	case SCAN_STRING:
		buf_uint(b, characters(native_jq_text_decode(in->text,
							     &n->spare)));
		break;
	case SCAN_ARRAY:
	case SCAN_OBJECT:
		buf_uint(b, count_inside(r, in));
		break;
	default:
		return NATIVE_JQ_FAILED;
	}
	return native_jq_eval_made(n, SCAN_NUMBER, out);
}

/* ---- operators -------------------------------------------------------- */

static int both(struct native_jq_eval *r, struct native_jq_node *n,
		const struct native_jq_value *in, struct native_jq_value *a,
		struct native_jq_value *b)
{
	int rc = native_jq_eval(r, n->a, in, a);

	return native_jq_eval_worst(rc, native_jq_eval(r, n->b, in, b));
}

static int add_strings(struct native_jq_node *n,
		       const struct native_jq_value *a,
		       const struct native_jq_value *b,
		       struct native_jq_value *out)
{
	struct buf *left = &n->spare;

	left->n = 0;
	n->made.n = 0;
	buf_room(left, 1);
	json_decode(left, json_inner(a->text));
	json_decode(left, json_inner(b->text));
	json_string(&n->made, buf_all(left));
	return native_jq_eval_made(n, SCAN_STRING, out);
}

static int compute(struct native_jq_node *n, const struct native_jq_value *a,
		   const struct native_jq_value *b, struct native_jq_value *out)
{
	double x = native_jq_text_double(a->text),
	       y = native_jq_text_double(b->text);
	double v = n->op == NATIVE_JQ_ADD        ? x + y
		   : n->op == NATIVE_JQ_SUBTRACT ? x - y
						 : x * y;

	if (!(fabs(v) < 1e300))
		return NATIVE_JQ_ODD;
	n->made.n = 0;
	jqjson_number(&n->made, v);
	return native_jq_eval_made(n, SCAN_NUMBER, out);
}

int native_jq_make_compute(struct native_jq_eval *r, struct native_jq_node *n,
			   const struct native_jq_value *in,
			   struct native_jq_value *out)
{
	struct native_jq_value a, b;
	int rc = both(r, n, in, &a, &b);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	if (a.kind == SCAN_NUMBER && b.kind == SCAN_NUMBER)
		return compute(n, &a, &b, out);
	if (n->op != NATIVE_JQ_ADD)
		return NATIVE_JQ_ODD;
	if (a.kind == SCAN_NULL || b.kind == SCAN_NULL) {
		*out = a.kind == SCAN_NULL ? b : a;
		return NATIVE_JQ_ONE;
	}
	if (a.kind == SCAN_STRING && b.kind == SCAN_STRING)
		return add_strings(n, &a, &b, out);
	return a.kind == b.kind ? NATIVE_JQ_ODD : NATIVE_JQ_FAILED;
}

static int order_of(int c)
{
	return (c > 0) - (c < 0);
}

static int compare_strings(struct native_jq_node *n,
			   const struct native_jq_value *a,
			   const struct native_jq_value *b)
{
	struct slice x = native_jq_text_decode(a->text, &n->made);
	struct slice y = native_jq_text_decode(b->text, &n->spare);
	size_t least = x.n < y.n ? x.n : y.n;
	int c = least > 0 ? memcmp(x.p, y.p, least) : 0;

	return c != 0 ? order_of(c) : (x.n > y.n) - (x.n < y.n);
}

static bool holds(enum native_jq_order order, int c)
{
	switch (order) {
	case NATIVE_JQ_EQ:
		return c == 0;
	case NATIVE_JQ_NE:
		return c != 0;
	case NATIVE_JQ_LT:
		return c < 0;
	case NATIVE_JQ_LE:
		return c <= 0;
	case NATIVE_JQ_GT:
		return c > 0;
	default:
		return c >= 0;
	}
}

/* Compares two values. Values of different kinds are ordered as in libjq. Two
 * arrays or two objects are odd.
 */
int native_jq_make_compare(struct native_jq_eval *r, struct native_jq_node *n,
			   const struct native_jq_value *in,
			   struct native_jq_value *out)
{
	struct native_jq_value a, b;
	int rc = both(r, n, in, &a, &b), c = 0;

	if (rc != NATIVE_JQ_ONE)
		return rc;
	if (a.kind != b.kind) {
		c = a.kind < b.kind ? -1 : 1;
	} else if (a.kind == SCAN_NUMBER) {
		double x = native_jq_text_double(a.text);
		double y = native_jq_text_double(b.text);

		c = (x > y) - (x < y);
	} else if (a.kind == SCAN_STRING) {
		c = compare_strings(n, &a, &b);
	} else if (a.kind > SCAN_STRING) {
		return NATIVE_JQ_ODD;
	}
	return native_jq_eval_bool(out, holds(n->order, c));
}

int native_jq_make_ends(struct native_jq_eval *r, struct native_jq_node *n,
			const struct native_jq_value *in,
			struct native_jq_value *out)
{
	struct native_jq_value v;
	struct slice text, part;
	int rc = native_jq_eval(r, n->a, in, &v);

	if (rc != NATIVE_JQ_ONE)
		return rc;
	if (in->kind != SCAN_STRING || v.kind != SCAN_STRING)
		return NATIVE_JQ_FAILED;
	text = native_jq_text_decode(in->text, &n->made);
	part = native_jq_text_decode(v.text, &n->spare);
	if (part.n > text.n)
		return native_jq_eval_bool(out, false);
	if (n->op == NATIVE_JQ_ENDS)
		text.p += text.n - part.n;
	return native_jq_eval_bool(
		out, part.n == 0 || memcmp(text.p, part.p, part.n) == 0);
}
