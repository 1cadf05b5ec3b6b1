/* workers.h - processes that run a jq program over rows, in order.
 *
 * Floor 2 (map). libjq cannot stop a program, and ends the process without
 * memory. So rows go in batches to child processes through shared memory. A row
 * that takes too long, needs too much memory or crashes its child is rejected,
 * and a new child is started. Results arrive in the order of the rows.
 */
#ifndef MAP_JQ_WORKERS_H
#define MAP_JQ_WORKERS_H

#include "core/buf.h"
#include "core/err.h"

/* Bytes that a row may become. */
#define WORKERS_MAX ((size_t)32 * 1024 * 1024)

/* What is kept of a row until its result is there. */
enum workers_field {
	WORKERS_LINE, /* for a reject */
	WORKERS_ROW,  /* what the program sees; empty: the line itself */
	WORKERS_ID,   /* the next four: as in struct event_wrap_row */
	WORKERS_RECORD,
	WORKERS_USER_ID,
	WORKERS_ANONYMOUS_ID,
	WORKERS_KEY, /* of a change: id, action, change; for a reject */
	WORKERS_ACTION,
	WORKERS_CHANGE,
	WORKERS_REMOVAL, /* a delete, which the program maps where the condition
			  * does not hold; empty: nothing */
	WORKERS_REMOVAL_USER_ID, /* its ids */
	WORKERS_REMOVAL_ANONYMOUS_ID,
	WORKERS_FIELDS,
};

struct workers_row {
	uint64_t lineno;
	uint64_t number; /* of the row in its stream */
	bool skip;       /* not for the program: ok, and no events */
	bool pass;       /* the condition is not asked */
	bool left;       /* in a result: the condition did not hold */
	struct slice field[WORKERS_FIELDS];
};

/* The result of one row: n and the text that run gave, or the reason why not
 * (then n is 0 and ok false). All is borrowed for the call. The text is a copy
 * that no child can change, but its bytes are the child's: any.
 */
typedef int workers_result_fn(void *ctx, const struct workers_row *row, bool ok,
			      uint64_t n, struct slice text, struct err *e);

/* What a child gets of a row. */
struct workers_given {
	struct slice row;
	struct slice removal; /* WORKERS_REMOVAL */
	bool pass;
};

/* In a child: what a row becomes, its text in place of what is in out. 0; -1
 * with the reason there. *left is false before.
 */
typedef int workers_run_fn(void *work, const struct workers_given *row,
			   struct buf *out, uint64_t *n, bool *left);

struct workers_options {
	unsigned processes; /* at least 1 */
	uint64_t time_ms;   /* CPU time a row may take */
	uint64_t idle_ms;   /* a batch may take that, and eight times the CPU
			     * time it needs */
	uint64_t memory;    /* bytes that a child may use */
	uint64_t max_line;  /* bytes */
	workers_result_fn *done;
	void *ctx;
	bool (*start)(
		void *work); /* in a child, first of all; false: it ends */
	workers_run_fn *run;
	void *work;
};

struct workers;

/* Children inherit what is in memory at the first row. They are sandboxed
 * (core/sandbox.h). What one of them writes is checked, number by number: a
 * child that was taken over by its row can spoil its own rows and no memory,
 * and is ended like one that crashed. Never NULL; free with workers_free.
 */
struct workers *workers_new(const struct workers_options *o) MUST_USE;

/* Ends the children. NULL is allowed. */
void workers_free(struct workers *c);

/* Hand in a row; it is copied. Results of earlier ones may come in the call.
 * ERR_OS where no process can be started, and what done said.
 */
int workers_put(struct workers *c, const struct workers_row *row,
		struct err *e) MUST_USE;

/* All results that are still due. */
int workers_drain(struct workers *c, struct err *e) MUST_USE;

#endif
