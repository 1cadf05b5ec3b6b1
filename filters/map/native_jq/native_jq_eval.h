/* native_jq_eval.h - how a simple jq program is run.
 *
 * Floor 2 (map). native_jq_eval.c has paths and control, native_jq_make.c what
 * makes new values.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_EVAL_H
#define MAP_NATIVE_JQ_NATIVE_JQ_EVAL_H

#include "map/native_jq/native_jq_tree.h"

/* Beside the results of native_jq.h: libjq would fail. Within a ? that is
 * nothing; else the row is odd, for libjq has the words.
 */
enum { NATIVE_JQ_FAILED = NATIVE_JQ_ONE + 1 };

struct native_jq_eval {
	struct native_jq *l;
	const struct native_jq_row *row;
};

/* The value of a node for an input: an enum native_jq_result, or
 * NATIVE_JQ_FAILED.
 */
typedef int native_jq_eval_fn(struct native_jq_eval *r,
			      struct native_jq_node *n,
			      const struct native_jq_value *in,
			      struct native_jq_value *out);
native_jq_eval_fn native_jq_eval;

/* By operation. */
native_jq_eval_fn native_jq_make_object, native_jq_make_array,
	native_jq_make_text, native_jq_make_tostring, native_jq_make_case,
	native_jq_make_type, native_jq_make_length, native_jq_make_compute,
	native_jq_make_compare, native_jq_make_ends;

extern const struct native_jq_value native_jq_eval_null;

/* Of two operands, either of which libjq may look at first. */
int native_jq_eval_worst(int a, int b);

/* A boolean; what was made in a node, unless it is too large: NATIVE_JQ_ODD. */
int native_jq_eval_bool(struct native_jq_value *out, bool yes);
int native_jq_eval_made(struct native_jq_node *n, enum scan_kind kind,
			struct native_jq_value *out);

/* A member of the row; a value that is inside another. */
struct native_jq_value native_jq_eval_member(const struct scan_member *m);
struct native_jq_value native_jq_eval_within(const struct native_jq_value *of,
					     struct slice text);

#endif
