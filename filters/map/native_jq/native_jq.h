/* native_jq.h - simple jq programs, run over a row without libjq.
 *
 * Floor 2 (map). A part of the jq language that makes at most one value of a
 * row: paths, constants, objects, arrays, //, comparisons, and, or, not,
 * select, if, +, -, *, strings with expressions in them, and some functions.
 * Only what can be done to the byte as libjq does it is taken; and a row that
 * is out of the ordinary (an error, a number or a text that libjq may see in
 * another way) is said to be odd, for libjq to judge.
 *
 * Values are spans of the row as far as can be. Nothing loops, so that a
 * program takes time and memory in proportion to its length and the row's.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_H
#define MAP_NATIVE_JQ_NATIVE_JQ_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* Levels of nesting in a program, and in the values of rows that are not odd.
 */
enum { NATIVE_JQ_NESTING = 32, NATIVE_JQ_LEVELS = 150 };

struct native_jq;

/* Why a program is not a simple one. */
struct native_jq_no {
	char what[80]; /* "'test'", "a comma" */
	unsigned line, column;
};

/* A program; NULL, with why, when it is not a simple one. That libjq compiles
 * it is for the caller to see to. Free with native_jq_free.
 */
struct native_jq *native_jq_new(const char *program,
				struct native_jq_no *why) MUST_USE;

/* NULL is allowed. */
void native_jq_free(struct native_jq *l);

/* A row: what the scanner found. */
struct native_jq_row {
	const struct scan *scan;
	const struct scan_member *member;
	size_t n;
	int hidden; /* index of a member that programs do not see, or -1 */
	uint64_t shape;
};

/* Whether libjq takes the member for what it is here; else its row is odd. Ask
 * for each that the program reads.
 */
bool native_jq_fits(const struct scan_member *m);

struct native_jq_value {
	enum scan_kind kind;
	bool row;          /* the row itself; text is not set */
	bool ready;        /* text is as libjq prints it */
	struct slice text; /* JSON; borrowed from the row or the program */
};

enum native_jq_result {
	NATIVE_JQ_ODD,  /* ask libjq */
	NATIVE_JQ_NONE, /* the program gives nothing */
	NATIVE_JQ_ONE,  /* *v is its only value, good until the next run */
};

enum native_jq_result native_jq_run(struct native_jq *l,
				    const struct native_jq_row *row,
				    struct native_jq_value *v) MUST_USE;

/* The value as libjq prints it, at the end of b: 0, or -1 where the row is odd.
 */
int native_jq_put(struct native_jq *l, const struct native_jq_row *row,
		  const struct native_jq_value *v, struct buf *b) MUST_USE;

/* Neither false nor null. */
static inline bool native_jq_true(const struct native_jq_value *v)
{
	return v->kind > SCAN_FALSE;
}

/* A member of an object: its text is to go to the end of the buffer. key is the
 * name as JSON with a colon behind, or empty.
 */
typedef struct buf *native_jq_member_fn(void *ctx, struct slice name,
					struct slice key);

/* The same as native_jq_run, for a program whose value is an object: its
 * members one by one. A value that is not an object is odd. Where the result is
 * not NATIVE_JQ_ONE, some members may have been given.
 */
enum native_jq_result native_jq_object(struct native_jq *l,
				       const struct native_jq_row *row,
				       native_jq_member_fn *add,
				       void *ctx) MUST_USE;

#endif
