/* crew.h - processes that run a jq program over rows, in order.
 *
 * Floor 2 (map). libjq has no way to stop a program, and ends the process when
 * memory is gone. So rows go in batches to child processes through shared
 * memory, and one that takes too long, needs too much or crashes costs its row
 * and a new child. Results come back in the order of the rows.
 */
#ifndef MAP_CREW_H
#define MAP_CREW_H

#include "core/err.h"
#include "map/expr.h"

/* What is kept of a row until its result is there. */
enum crew_field {
	CREW_LINE, /* for a reject */
	CREW_ROW,  /* what the program sees; empty: the line itself */
	CREW_ID,   /* as in struct shell_row, from here: */
	CREW_RECORD,
	CREW_USER_ID,
	CREW_ANONYMOUS_ID,
	CREW_KEY, /* of a change: id, action, change; for a reject */
	CREW_ACTION,
	CREW_CHANGE,
	CREW_REMOVAL, /* as in struct shell_row, from here */
	CREW_REMOVAL_USER_ID,
	CREW_REMOVAL_ANONYMOUS_ID,
	CREW_FIELDS,
};

struct crew_row {
	uint64_t lineno;
	uint64_t number; /* of the row in its stream */
	bool skip;       /* not for the program: ok, and no events */
	bool pass;       /* the condition is not asked */
	bool left;       /* in a result: the condition did not hold */
	struct slice field[CREW_FIELDS];
};

/* The result of one row: n events, an LF behind each, or the reason why not
 * (then n is 0 and ok false). All is borrowed for the call.
 */
typedef int crew_result_fn(void *ctx, const struct crew_row *row, bool ok,
			   uint64_t n, struct slice text, struct err *e);

struct crew_options {
	unsigned processes; /* at least 1 */
	uint64_t time_ms;   /* CPU time a row may take */
	uint64_t memory;    /* bytes that a child may use */
	uint64_t max_line;  /* bytes */
	crew_result_fn *done;
	void *ctx;
};

struct crew;

/* expr and event are borrowed and must be complete: children inherit them at
 * the first row. With event NULL the results are those of expr_values: n is 1
 * where the condition held, and text the values. Never NULL; free with
 * crew_free.
 */
struct crew *crew_new(const struct crew_options *o, struct expr *x,
		      const struct shell_event *event) MUST_USE;

/* Ends the children. NULL is allowed. */
void crew_free(struct crew *c);

/* Hand in a row; it is copied. Results of earlier ones may come in the call.
 * ERR_OS where no process can be started, and what done said.
 */
int crew_put(struct crew *c, const struct crew_row *row,
	     struct err *e) MUST_USE;

/* All results that are still due. */
int crew_drain(struct crew *c, struct err *e) MUST_USE;

#endif
