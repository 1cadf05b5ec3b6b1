/* crew.h - processes that run a jq program over rows, in order.
 *
 * Floor 2 (map). libjq has no way to stop a program, and ends the process when
 * memory is gone. So rows go in batches to child processes through shared
 * memory, and one that takes too long, needs too much or crashes costs its row
 * and a new child. Results come back in the order of the rows.
 */
#ifndef MAP_JQ_CREW_H
#define MAP_JQ_CREW_H

#include "core/buf.h"
#include "core/err.h"

/* Bytes that a row may become. */
#define CREW_MAX ((size_t)32 * 1024 * 1024)

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
	CREW_REMOVAL, /* a delete, which the program maps where the condition
		       * does not hold; empty: nothing */
	CREW_REMOVAL_USER_ID, /* its ids */
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

/* The result of one row: n and the text that run gave, or the reason why not
 * (then n is 0 and ok false). All is borrowed for the call. The text is a copy
 * that no child can change, but its bytes are the child's: any.
 */
typedef int crew_result_fn(void *ctx, const struct crew_row *row, bool ok,
			   uint64_t n, struct slice text, struct err *e);

/* What a child gets of a row. */
struct crew_given {
	struct slice row;
	struct slice removal; /* CREW_REMOVAL */
	bool pass;
};

/* In a child: what a row becomes, its text in place of what is in out. 0; -1
 * with the reason there. *left is false before.
 */
typedef int crew_run_fn(void *work, const struct crew_given *row,
			struct buf *out, uint64_t *n, bool *left);

struct crew_options {
	unsigned processes; /* at least 1 */
	uint64_t time_ms;   /* CPU time a row may take */
	uint64_t idle_ms;   /* a batch may take that, and eight times the CPU
			     * time it needs */
	uint64_t memory;    /* bytes that a child may use */
	uint64_t max_line;  /* bytes */
	crew_result_fn *done;
	void *ctx;
	bool (*start)(
		void *work); /* in a child, first of all; false: it ends */
	crew_run_fn *run;
	void *work;
};

struct crew;

/* Children inherit what is in memory at the first row. They are sandboxed
 * (core/sandbox.h). What one of them writes is checked, number by number: a
 * child that was taken over by its row can spoil its own rows and no memory,
 * and is ended like one that crashed. Never NULL; free with crew_free.
 */
struct crew *crew_new(const struct crew_options *o) MUST_USE;

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
