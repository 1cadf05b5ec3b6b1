/* rows.h - writes the rows of a source to the output.
 *
 * Floor 2 (query). A source first names its columns, then builds each row in a
 * buffer, value by value:
 *
 *     b = rows_buf(r);
 *     rows_name(r, b, k);     {"id":   or   ,"email":
 *     value_int(b, 7);
 *     ...
 *     rc = rows_put(r, e);    closes the object
 *
 * This module adds the begin line, the counts, the limits and the rejects.
 */
#ifndef QUERY_ROWS_H
#define QUERY_ROWS_H

#include "core/err.h"
#include "core/num.h"
#include "core/progress.h"
#include "core/writer.h"
#include "wire/json/scan.h"
#include "wire/stream/reasons.h"

/* A column as in the begin line. */
struct rows_column {
	const char *name;   /* UTF-8, unique */
	const char *type;   /* int float decimal string datetime date time
			     * boolean json array binary, or any */
	const char *native; /* the source's own name of the type; may be NULL */
	bool unordered;     /* its order is not that of its text or number */
};

struct rows {
	uint64_t rows, rejects, skips; /* counted so far */
	uint64_t missing;              /* --delta: missing keys */
	struct reasons reasons;        /* reasons of the rejects */
	/* members of the begin line that are known before rows_begin: a compact
	 * JSON array of column names; a mode of rudder-diff; the column of a
	 * cursor without --cursor
	 */
	struct slice key, mode, cursor_column;
	bool key_asked;     /* the key's columns must exist */
	struct slice since; /* value at which the cursor begins, or empty */
	struct buf state;   /* the source's own member of the end line: JSON */
	struct buf tail;    /* more members, each with a comma before it */
	struct slice delta; /* member of the begin line, with its name and a
			     * comma */
	bool partial;       /* there are more rows than the limit */

	/* set by the caller of rows_init before the source runs */
	struct writer *w;
	int fd;                /* the writer's descriptor */
	uint64_t until_ms;     /* time (clock_mono_ms) at which waits end; 0:
				* never */
	uint64_t limit;        /* maximum rows; UINT64_MAX: all */
	struct num_share most; /* rejects that are allowed */
	/* members of the begin line; params may be empty */
	const char *run, *model, *params, *source, *started, *clock;
	const char *reads;      /* fingerprint of all of them, for the cursor */
	const char *cursor;     /* column of --cursor, or NULL */
	const char *cursor_was; /* its type in the last run, or NULL */
	const char *overlap;    /* --overlap, or NULL */
	bool probed;            /* --if-changed */
	bool legacy;            /* --legacy-types: decimals are strings */
	const char *part;       /* JSON for the begin line, or NULL */
	const struct model_part *part_of; /* the part itself; borrowed */
	bool check; /* --check: print the steps as text lines, no rows */
	bool list;  /* --columns: print the columns as text lines, no rows */

	/* private */
	struct progress *progress;
	struct buf names; /* {"id":,"email": */
	size_t *name_end; /* end of each column in names */
	struct buf plain; /* the names, each with a NUL */
	size_t *plain_at;
	size_t n;        /* columns */
	bool *as_string; /* with legacy: per column, its numbers become strings
			  */
	size_t start;    /* offset of the current row in the writer's buffer */
	const char *cursor_type; /* type of the cursor's column; "any" before
				  * rows_begin */
	bool cursor_retyped;     /* rows_begin failed because that type has
				  * changed */
	struct buf highest; /* last value of the cursor that may move it, as
			     * text */
	bool cursor_null;   /* the cursor is null in the last row */
	bool highest_set;   /* rows_cursor was called for the current row */
	int64_t now_us;     /* now; a later value does not move the cursor */
	struct buf scratch;
	struct scan *scan;
	unsigned steps;    /* number of steps of --check that were printed */
	bool steps_delta;  /* --check has the step of --delta */
	uint64_t put, bad; /* rows and rejects before rows_missing_begin */
};

/* Frees the memory of r. */
void rows_clear(struct rows *r);

/* Takes the columns, which are copied, and writes the begin line. Returns 1 to
 * continue with rows, 0 if no rows are wanted (--columns, --check), or -1 with
 * *e set:
 *
 *     ERR_CONFIG  no column, a column without a name or named _rudder, or two
 *                 with the same name; a key or cursor that does not fit
 *     ERR_IO      cannot write
 */
int rows_begin(struct rows *r, const struct rows_column *c, size_t n,
	       struct err *e) MUST_USE;

/* With --delta, after the last row: the rows that follow are missing keys, with
 * only these columns, and are written as control lines. rows_missing_end checks
 * that there were n: ERR_DATA.
 */
void rows_missing_begin(struct rows *r, const struct rows_column *c, size_t n);
int rows_missing_end(struct rows *r, uint64_t n, struct err *e) MUST_USE;

/* Like rows_begin for a source that does not know its columns: the begin line
 * has none, and rows are passed to rows_line. ERR_USAGE with --columns.
 */
int rows_begin_any(struct rows *r, struct err *e) MUST_USE;

/* Writes a complete row, the JSON of an object, unchanged. Returns 0, or -1 as
 * rows_put.
 */
int rows_line(struct rows *r, struct slice line, struct err *e) MUST_USE;

/* The steps of --check, in order. rows_begin prints ROWS_MODEL; ROWS_DELTA is
 * only for --delta.
 */
enum rows_steps { ROWS_CONNECTION, ROWS_LISTING, ROWS_MODEL, ROWS_DELTA };

/* Prints that a step has succeeded, if --check. detail is a few words,
 * borrowed. ERR_IO.
 */
int rows_step(struct rows *r, enum rows_steps step, const char *detail,
	      struct err *e) MUST_USE;

/* Prints that the next step has failed, if --check. ERR_IO. */
int rows_step_failed(struct rows *r, struct err *e) MUST_USE;

/* The buffer for the next row. */
struct buf *rows_buf(struct rows *r);

/* Appends what comes before the value of column k; columns are in order from 0.
 */
enum { ROWS_NAME = 32 }; /* enough bytes for most names */
static inline void rows_name(const struct rows *r, struct buf *b, size_t k)
{
	size_t from = k > 0 ? r->name_end[k - 1] : 0;
	size_t n = r->name_end[k] - from;

	if (UNLIKELY(n > ROWS_NAME)) {
		buf_add(b, r->names.p + from, n);
		return;
	}
	/* copying a fixed size needs no call; the names are padded to allow it
	 */
	memcpy(buf_room(b, ROWS_NAME), r->names.p + from, ROWS_NAME);
	b->n += n;
}

/* Finishes and writes the row. Returns 0, or -1 with *e set, as rows_reject. */
int rows_put(struct rows *r, struct err *e) MUST_USE;

/* Sets the cursor's value in the current row, as text, if the source compares
 * another value than the row contains.
 */
void rows_cursor(struct rows *r, struct slice text);

/* Whether --limit is reached. Rejects count, because a database is asked for
 * only one row more than the limit. A source that finds one more row then sets
 * r->partial and ends.
 */
static inline bool rows_full(const struct rows *r)
{
	return r->rows + r->rejects >= r->limit;
}

/* Rejects a row that cannot be represented: drops what was built, and writes a
 * reject. column is its index, or -1; line is a line number of the source, or 0
 * for the number of the row; record is what may be shown of it, or p NULL.
 * Returns 0 to go on, -1 with *e set:
 *
 *     ERR_DATA  more rejects than --max-rejects
 *     ERR_IO    cannot write
 */
int rows_reject(struct rows *r, int column, uint64_t line, const char *why,
		struct slice record, struct err *e) MUST_USE;

/* Writes a skip, for a record of the source that is not a row. ERR_IO. */
int rows_skip(struct rows *r, uint64_t line, const char *why,
	      struct slice record, struct err *e) MUST_USE;

/* Milliseconds until the time limit, 0 when it is over; -1: no limit. */
int rows_left_ms(const struct rows *r);

/* Call before a read of fd that may block. Flushes finished rows, then waits
 * until fd is readable. If the reader of the output exits meanwhile, the
 * program ends by SIGPIPE, so that a long query does not run for nobody.
 * Returns 1 if it had to wait, 0 if not, -1 with ERR_IO, or ERR_TEMP at the
 * time limit.
 */
int rows_wait(struct rows *r, int fd, struct err *e) MUST_USE;

/* Call after the last row. ERR_DATA if the share of rejects exceeds
 * --max-rejects.
 */
int rows_complete(const struct rows *r, struct err *e) MUST_USE;

#endif
