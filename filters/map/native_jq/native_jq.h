/* native_jq.h - runs simple jq programs over a row without libjq.
 *
 * Floor 2 (map). Supports the part of the jq language that returns at most one
 * value for a row: paths, constants, objects, arrays, //, comparisons, and, or,
 * not, select, if, +, -, *, string interpolation, and some functions. An
 * operation is supported only if its result is the same as libjq's to the byte.
 * A row for which that is not certain (an error, or a number or text that libjq
 * may print differently) is reported as odd, and the caller runs libjq over it.
 *
 * Values are spans of the row where possible. There are no loops, so time and
 * memory are proportional to the length of the program and of the row.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_H
#define MAP_NATIVE_JQ_NATIVE_JQ_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* Maximum nesting of a program, and of the values in a row that is not odd. */
enum { NATIVE_JQ_NESTING = 32, NATIVE_JQ_LEVELS = 150 };

struct native_jq;

/* Why a program is not simple. */
struct native_jq_no {
	char what[80]; /* "'test'", "a comma" */
	unsigned line, column;
};

/* Parses a program. Returns NULL, with the reason in *why, if it is not simple.
 * The caller must check that libjq compiles it. Free with native_jq_free.
 */
struct native_jq *native_jq_new(const char *program,
				struct native_jq_no *why) MUST_USE;

/* NULL is allowed. */
void native_jq_free(struct native_jq *l);

/* A row, as the scanner read it. */
struct native_jq_row {
	const struct scan *scan;
	const struct scan_member *member;
	size_t n;
	int hidden; /* index of a member that is hidden from programs, or -1 */
	uint64_t shape;
};

/* Whether libjq would read the member's value as it is here. If not, the row is
 * odd. Check each member that the program reads.
 */
bool native_jq_fits(const struct scan_member *m);

struct native_jq_value {
	enum scan_kind kind;
	bool row;          /* value is the whole row; text is not set */
	bool ready;        /* text is exactly as libjq prints it */
	struct slice text; /* JSON; borrowed from the row or the program */
};

enum native_jq_result {
	NATIVE_JQ_ODD,  /* run libjq over this row */
	NATIVE_JQ_NONE, /* the program returns nothing */
	NATIVE_JQ_ONE,  /* *v is its only value, good until the next run */
};

enum native_jq_result native_jq_run(struct native_jq *l,
				    const struct native_jq_row *row,
				    struct native_jq_value *v) MUST_USE;

/* Appends the value to b as libjq prints it. Returns 0, or -1 if the row is
 * odd.
 */
int native_jq_put(struct native_jq *l, const struct native_jq_row *row,
		  const struct native_jq_value *v, struct buf *b) MUST_USE;

/* Whether jq treats the value as true: it is neither false nor null. */
static inline bool native_jq_true(const struct native_jq_value *v)
{
	return v->kind > SCAN_FALSE;
}

/* Called for a member of an object. The member's text is then appended to the
 * buffer that is returned. key is the name as JSON followed by a colon, or
 * empty.
 */
typedef struct buf *native_jq_member_fn(void *ctx, struct slice name,
					struct slice key);

/* Like native_jq_run, for a program whose value is an object: calls add for
 * each member. If the value is not an object, the row is odd. add may have been
 * called even if the result is not NATIVE_JQ_ONE.
 */
enum native_jq_result native_jq_object(struct native_jq *l,
				       const struct native_jq_row *row,
				       native_jq_member_fn *add,
				       void *ctx) MUST_USE;

#endif
