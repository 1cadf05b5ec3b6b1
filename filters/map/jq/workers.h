/* workers.h - processes that run a jq program over rows, in order.
 *
 * Floor 2 (map). libjq cannot stop a program that runs too long, and ends its
 * process if memory runs out. So rows are passed in batches to child processes
 * through shared memory. A row that takes too long, needs too much memory or
 * crashes its child is rejected, and a new child is started. Results are
 * returned in the order of the rows.
 */
#ifndef MAP_JQ_WORKERS_H
#define MAP_JQ_WORKERS_H

#include "core/buf.h"
#include "core/err.h"

/* Maximum size of a row's result in bytes. */
#define WORKERS_MAX ((size_t)32 * 1024 * 1024)

/* The data of a row that is kept until its result arrives. */
enum workers_field {
	WORKERS_LINE, /* the input line, for a reject */
	WORKERS_ROW,  /* input of the program; empty: the line itself */
	WORKERS_ID,   /* this and the next three: as in struct event_wrap_row */
	WORKERS_RECORD,
	WORKERS_USER_ID,
	WORKERS_ANONYMOUS_ID,
	WORKERS_KEY, /* of a change: id, action, change; for a reject */
	WORKERS_ACTION,
	WORKERS_CHANGE,
	WORKERS_REMOVAL, /* a delete, which the program maps if the condition
			    does not hold; empty: none */
	WORKERS_REMOVAL_USER_ID, /* ids of the removal */
	WORKERS_REMOVAL_ANONYMOUS_ID,
	WORKERS_FIELDS,
};

struct workers_row {
	uint64_t lineno;
	uint64_t number; /* number of the row in its stream */
	bool skip;       /* not run: the result is ok without events */
	bool pass;       /* do not evaluate the condition */
	bool left;       /* in a result: the condition did not hold */
	struct slice field[WORKERS_FIELDS];
};

/* The result of one row: n events and the text that run wrote; or, if ok is
 * false, the reason, and n is 0. Everything is borrowed for the call. The text
 * is a copy that no child can change, but a child wrote it, so it may be any
 * bytes.
 */
typedef int workers_result_fn(void *ctx, const struct workers_row *row, bool ok,
			      uint64_t n, struct slice text, struct err *e);

/* The input of run in a child process. */
struct workers_given {
	struct slice row;
	struct slice removal; /* WORKERS_REMOVAL */
	bool pass;
};

/* Called in a child process: replaces out by the row's result. Returns 0, or -1
 * with the reason in out. *left is false before the call.
 */
typedef int workers_run_fn(void *work, const struct workers_given *row,
			   struct buf *out, uint64_t *n, bool *left);

struct workers_options {
	unsigned processes; /* at least 1 */
	uint64_t time_ms;   /* maximum CPU time of a row */
	uint64_t idle_ms;   /* maximum wall-clock time of a batch, plus eight
			       times its CPU time */
	uint64_t memory;    /* maximum memory of a child in bytes */
	uint64_t max_line;  /* bytes */
	workers_result_fn *done;
	void *ctx;
	bool (*start)(void *work); /* called first in a child; false ends it */
	workers_run_fn *run;
	void *work;
};

struct workers;

/* Creates the set of workers; children are forked at the first row, and inherit
 * the memory of that moment. They are sandboxed (core/sandbox.h). Everything
 * that a child writes is checked: a child that its row took over can falsify
 * the results of its own rows, but no memory of the parent, and is ended like a
 * child that crashed. Never NULL; free with workers_free.
 */
struct workers *workers_new(const struct workers_options *o) MUST_USE;

/* Ends the children. NULL is allowed. */
void workers_free(struct workers *c);

/* Passes a row, which is copied, to a worker. Results of earlier rows may be
 * returned during the call. ERR_OS if no process can be started, and the errors
 * of done.
 */
int workers_put(struct workers *c, const struct workers_row *row,
		struct err *e) MUST_USE;

/* Waits for the results of all rows. */
int workers_drain(struct workers *c, struct err *e) MUST_USE;

#endif
