/* expr.h - runs a jq program or jq expressions over rows, through libjq.
 *
 * Floor 2 (map). A program is code that is not trusted. It is rejected if it
 * reads the environment, other input or files, writes to standard error or ends
 * the process; and libjq compiles and runs it only in sandboxed processes
 * (wire/jq/compile.h, workers.h). Works with libjq 1.6 and later.
 */
#ifndef MAP_JQ_EXPR_H
#define MAP_JQ_EXPR_H

#include "core/buf.h"
#include "core/err.h"

struct expr;

/* The input of a program: JSON objects that scan.h has checked. */
struct expr_row {
	struct slice row;
	struct slice removal; /* input of the program if the condition does not
				 hold; empty: none */
	bool pass;            /* do not evaluate the condition */
};

/* Takes a condition, and what is computed for rows where it holds: either a
 * program (expr_events), or n expressions with one value each (expr_values).
 * where and program may be NULL. Checks that they compile, in a process of its
 * own: ERR_CONFIG with libjq's message, the line, and a mark under the place;
 * ERR_OS. Free *x with expr_free.
 */
int expr_new(struct expr **x, const char *where, const char *program,
	     const char *const *values, size_t n, struct err *e) MUST_USE;

/* Compiles the program in this process, which should be sandboxed. Required
 * before rows are run. False if libjq fails, although expr_new succeeded.
 */
bool expr_load(struct expr *x) MUST_USE;

/* NULL is allowed. */
void expr_free(struct expr *x);

/* Whether the program may read the row's member with this decoded name; with
 * this key, as it is between the quotes; or every member.
 */
bool expr_reads(const struct expr *x, struct slice name);
bool expr_reads_key(const struct expr *x, struct slice key);
bool expr_reads_all(const struct expr *x);

/* Runs the program over a row and writes the objects that it returns to out,
 * each with LF. Returns 0 with their number in *n, or -1 with the reason in out
 * if the row cannot be an event. *left: the condition did not hold, and the
 * objects, if any, were made from the removal.
 */
int expr_events(struct expr *x, const struct expr_row *r, struct buf *out,
		uint64_t *n, bool *left);

/* Runs the expressions over a row, and appends the value of each to out, with
 * LF; only LF for an expression without a value. Returns 1; 0 if the condition
 * does not hold; -1 with the reason in out.
 */
int expr_values(struct expr *x, struct slice row, struct buf *out);

#endif
