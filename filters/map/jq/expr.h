/* expr.h - a jq program that makes events of rows, through libjq.
 *
 * Floor 2 (map). A program is code: what reads the environment, other input or
 * files, writes to standard error or ends the process is refused, and libjq
 * compiles and runs it in sandboxed processes only (wire/jq/compile.h,
 * workers.h). Works with libjq 1.6 and later.
 */
#ifndef MAP_JQ_EXPR_H
#define MAP_JQ_EXPR_H

#include "core/buf.h"
#include "core/err.h"

struct expr;

/* What a program is run over: JSON objects checked by scan.h. */
struct expr_row {
	struct slice row;
	struct slice removal; /* mapped where the condition does not hold;
				 empty: nothing is */
	bool pass;            /* the condition is not asked */
};

/* A condition, and what is made where it holds: either the program, or n
 * expressions that give a value each (then expr_values). where and program may
 * be NULL. Checks that it compiles, in a process that ends: ERR_CONFIG with the
 * message, the line and a mark under the place; ERR_OS. Free *x with expr_free.
 */
int expr_new(struct expr **x, const char *where, const char *program,
	     const char *const *values, size_t n, struct err *e) MUST_USE;

/* Compiles it in this process, which should be a sandboxed one; needed before
 * rows. False where libjq fails at what it took before.
 */
bool expr_load(struct expr *x) MUST_USE;

/* NULL is allowed. */
void expr_free(struct expr *x);

/* Whether the program may read the row's member of that (decoded) name; of that
 * key, as it stands between the quotes; any name at all.
 */
bool expr_reads(const struct expr *x, struct slice name);
bool expr_reads_key(const struct expr *x, struct slice key);
bool expr_reads_all(const struct expr *x);

/* Runs the program over a row and puts the objects it gives into out, an LF
 * behind each: 0 with their number in *n; -1 when the row can be no event, with
 * the reason in out instead. *left: the condition did not hold, and the
 * objects, if any, are those of the removal.
 */
int expr_events(struct expr *x, const struct expr_row *r, struct buf *out,
		uint64_t *n, bool *left);

/* Runs the expressions over a row, and adds the value of each to out, an LF
 * behind it; one that gives nothing adds only the LF. 1, 0 where the condition
 * does not hold, -1 as above.
 */
int expr_values(struct expr *x, struct slice row, struct buf *out);

#endif
