/* lite_eval.h - how a simple jq program is run.
 *
 * Floor 2 (map). lite_eval.c has paths and control, lite_make.c what makes new
 * values.
 */
#ifndef MAP_NATIVE_JQ_LITE_EVAL_H
#define MAP_NATIVE_JQ_LITE_EVAL_H

#include "map/native_jq/lite_tree.h"

/* Beside the results of lite.h: libjq would fail. Within a ? that is nothing;
 * else the row is odd, for libjq has the words.
 */
enum { LITE_FAILED = LITE_ONE + 1 };

struct lite_eval {
	struct lite *l;
	const struct lite_row *row;
};

/* The value of a node for an input: an enum lite_result, or LITE_FAILED. */
typedef int lite_eval_fn(struct lite_eval *r, struct lite_node *n,
			 const struct lite_value *in, struct lite_value *out);
lite_eval_fn lite_eval;

/* By operation. */
lite_eval_fn lite_make_object, lite_make_array, lite_make_text,
	lite_make_tostring, lite_make_case, lite_make_type, lite_make_length,
	lite_make_compute, lite_make_compare, lite_make_ends;

extern const struct lite_value lite_eval_null;

/* Of two operands, either of which libjq may look at first. */
int lite_eval_worst(int a, int b);

/* A boolean; what was made in a node, unless it is too large: LITE_ODD. */
int lite_eval_bool(struct lite_value *out, bool yes);
int lite_eval_made(struct lite_node *n, enum scan_kind kind,
		   struct lite_value *out);

/* A member of the row; a value that is inside another. */
struct lite_value lite_eval_member(const struct scan_member *m);
struct lite_value lite_eval_within(const struct lite_value *of,
				   struct slice text);

#endif
