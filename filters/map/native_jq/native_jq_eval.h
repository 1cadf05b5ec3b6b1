/* native_jq_eval.h - evaluates the nodes of a simple jq program.
 *
 * Floor 2 (map). native_jq_eval.c has paths and control, native_jq_make.c the
 * operations that make new values.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_EVAL_H
#define MAP_NATIVE_JQ_NATIVE_JQ_EVAL_H

#include "map/native_jq/native_jq_tree.h"

/* A further result: libjq would report an error. Inside "?" that means no
 * value. Elsewhere the row is odd, because only libjq knows the error message.
 */
enum { NATIVE_JQ_FAILED = NATIVE_JQ_ONE + 1 };

struct native_jq_eval {
	struct native_jq *l;
	const struct native_jq_row *row;
};

/* Evaluates a node for an input. Returns an enum native_jq_result or
 * NATIVE_JQ_FAILED.
 */
typedef int native_jq_eval_fn(struct native_jq_eval *r,
			      struct native_jq_node *n,
			      const struct native_jq_value *in,
			      struct native_jq_value *out);
native_jq_eval_fn native_jq_eval;

/* One function for each operation. */
native_jq_eval_fn native_jq_make_object, native_jq_make_array,
	native_jq_make_text, native_jq_make_tostring, native_jq_make_case,
	native_jq_make_type, native_jq_make_length, native_jq_make_compute,
	native_jq_make_compare, native_jq_make_ends;

extern const struct native_jq_value native_jq_eval_null;

/* The result of an operation, from the results of its two operands. libjq may
 * evaluate either first, so two different failures are odd.
 */
int native_jq_eval_worst(int a, int b);

/* Set *out: to a boolean; to the text that was made in the node, or return
 * NATIVE_JQ_ODD if it is too large.
 */
int native_jq_eval_bool(struct native_jq_value *out, bool yes);
int native_jq_eval_made(struct native_jq_node *n, enum scan_kind kind,
			struct native_jq_value *out);

/* The value of a member of the row; of a text inside another value. */
struct native_jq_value native_jq_eval_member(const struct scan_member *m);
struct native_jq_value native_jq_eval_within(const struct native_jq_value *of,
					     struct slice text);

#endif
