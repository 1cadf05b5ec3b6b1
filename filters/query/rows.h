/* rows.h - writes the rows of a source to the output.
 *
 * Floor 2 (query). A source says its columns once, then builds each row in
 * the buffer it is given, value by value:
 *
 *     b = rows_buf(r);
 *     rows_name(r, b, k);     {"id":   or   ,"email":
 *     value_int(b, 7);
 *     ...
 *     rc = rows_put(r, e);    closes the object
 *
 * Here are the begin line, the counts, the limits and the rejects.
 */
#ifndef QUERY_ROWS_H
#define QUERY_ROWS_H

#include "core/err.h"
#include "core/num.h"
#include "core/progress.h"
#include "core/writer.h"
#include "wire/json/scan.h"
#include "wire/stream/reasons.h"

/* As the begin line names it to later stages. */
struct rows_column {
	const char *name;   /* UTF-8, unique */
	const char *type;   /* int float decimal string datetime date time
			     * boolean json array binary, or any */
	const char *native; /* the source's own word for it; may be NULL */
	bool unordered;     /* not compared with text as it is ordered */
};

struct rows {
	uint64_t rows, rejects, skips; /* counted so far */
	uint64_t missing;              /* keys that are missing: --delta */
	struct reasons reasons;        /* of the rejects */
	/* of the begin line where they are known before rows_begin: a compact
	 * JSON array of column names; a mode of rudder-diff; the column of the
	 * cursor where it is not asked for
	 */
	struct slice key, mode, cursor_column;
	bool key_asked;     /* it must be there */
	struct slice since; /* where a cursor begins, or empty */
	struct buf state;   /* what a source wants said in the end line: JSON */
	struct buf tail;    /* and more members, each with a comma before */
	struct slice delta; /* of the begin line, with its name and a comma */
	bool partial;       /* there were more rows than the limit */

	/* set by the caller of rows_init before the source runs */
	struct writer *w;
	int fd;                /* where the writer writes */
	uint64_t until_ms;     /* of clock_mono_ms: waits end then; 0: never */
	uint64_t limit;        /* rows; UINT64_MAX: all */
	struct num_share most; /* refused records that are allowed */
	/* of the begin line; params may be empty */
	const char *run, *model, *params, *source, *started, *clock;
	const char *reads;      /* fingerprint of all that, for the cursor */
	const char *cursor;     /* --cursor: its column, or NULL */
	const char *cursor_was; /* its type at the last run, or NULL */
	const char *overlap;    /* --overlap, or NULL */
	bool probed;            /* --if-changed */
	bool legacy;            /* --legacy-types: decimals are strings */
	const char *part;       /* of the begin line, or NULL: JSON */
	const struct model_part *part_of; /* the same; borrowed */
	bool check; /* --check: say the steps as text lines, no rows */
	bool list;  /* --columns: say them as text lines, then stop */

	/* ours */
	struct progress *progress;
	struct buf names; /* {"id":,"email": */
	size_t *name_end; /* per column, in names */
	struct buf plain; /* the names, each with its NUL */
	size_t *plain_at;
	size_t n;        /* columns */
	bool *as_string; /* with legacy: of each column, its numbers are */
	size_t start;    /* of the row in work, in the writer's buffer */
	const char *cursor_type; /* of the column; "any" before rows_begin */
	bool cursor_retyped;     /* rows_begin failed since that is another */
	struct buf highest; /* value of the cursor, as text, in the last row
			     * where it counts */
	bool cursor_null;   /* in the last row */
	bool highest_set;   /* by rows_cursor for the row in work */
	int64_t now_us;     /* what is later does not count */
	struct buf scratch;
	struct scan *scan;
	unsigned steps;    /* of --check that were said */
	bool steps_delta;  /* the step of --delta is one of them */
	uint64_t put, bad; /* rows and rejects before rows_missing_begin */
};

/* Frees what rows_begin made. */
void rows_clear(struct rows *r);

/* The columns are known: writes the begin line. 1 when rows are wanted, 0
 * when the columns were all, -1 with *e set:
 *
 *     ERR_CONFIG  no column, one without a name or named _rudder, two of one
 *                 name
 *     ERR_IO      cannot write
 *
 * The columns are copied.
 */
int rows_begin(struct rows *r, const struct rows_column *c, size_t n,
	       struct err *e) MUST_USE;

/* After the last row, with --delta: the rows that follow are missing keys, with
 * these columns only, and leave as control lines. The end checks
 * their number: ERR_DATA.
 */
void rows_missing_begin(struct rows *r, const struct rows_column *c, size_t n);
int rows_missing_end(struct rows *r, uint64_t n, struct err *e) MUST_USE;

/* The same for a source that cannot say its columns: the begin line has none,
 * and rows come by rows_line. ERR_USAGE where --columns was asked for.
 */
int rows_begin_any(struct rows *r, struct err *e) MUST_USE;

/* One whole row, valid JSON of one object, as it is: 0 or -1 as rows_put. */
int rows_line(struct rows *r, struct slice line, struct err *e) MUST_USE;

/* What --check goes through, in this order; rows_begin is ROWS_MODEL, and the
 * last one is for --delta only.
 */
enum rows_steps { ROWS_CONNECTION, ROWS_LISTING, ROWS_MODEL, ROWS_DELTA };

/* A step has succeeded: says so, where --check asked for it. detail is a few
 * words, and borrowed. ERR_IO.
 */
int rows_step(struct rows *r, enum rows_steps step, const char *detail,
	      struct err *e) MUST_USE;

/* For --check: says that the next step has failed. ERR_IO. */
int rows_step_failed(struct rows *r, struct err *e) MUST_USE;

/* Where to build the next row. */
struct buf *rows_buf(struct rows *r);

/* What stands before the value of column k, from 0 in order. */
enum { ROWS_NAME = 32 }; /* bytes of most names */
static inline void rows_name(const struct rows *r, struct buf *b, size_t k)
{
	size_t from = k > 0 ? r->name_end[k - 1] : 0;
	size_t n = r->name_end[k] - from;

	if (UNLIKELY(n > ROWS_NAME)) {
		buf_add(b, r->names.p + from, n);
		return;
	}
	/* a fixed size costs no call; behind the names is room for it */
	memcpy(buf_room(b, ROWS_NAME), r->names.p + from, ROWS_NAME);
	b->n += n;
}

/* The row is built: 0, or -1 with *e set, as rows_reject. */
int rows_put(struct rows *r, struct err *e) MUST_USE;

/* The value of the cursor's column in the row in work as the source compares
 * it, where that is not what the row says; as text.
 */
void rows_cursor(struct rows *r, struct slice text);

/* Whether --limit lets no more rows through; refused ones count, since a
 * database is asked for one row beyond the limit and no more. A source that
 * finds one more row then sets r->partial and ends.
 */
static inline bool rows_full(const struct rows *r)
{
	return r->rows + r->rejects >= r->limit;
}

/* The row cannot be represented: drops what was built of it and writes a
 * reject. column is its index, or -1; line is a line number of the source, or 0
 * for the number of the row; record is what can be shown of it, or p NULL. 0 to
 * go on, -1 with *e set:
 *
 *     ERR_DATA  that was one more than --max-rejects
 *     ERR_IO    cannot write
 */
int rows_reject(struct rows *r, int column, uint64_t line, const char *why,
		struct slice record, struct err *e) MUST_USE;

/* A record of the source that is not a row, and why: writes a skip. ERR_IO. */
int rows_skip(struct rows *r, uint64_t line, const char *why,
	      struct slice record, struct err *e) MUST_USE;

/* Milliseconds until the time is over, 0 when it is; -1: never. */
int rows_left_ms(const struct rows *r);

/* Before a read of fd that may block: what is finished goes out, then waits
 * until fd can be read. A reader that went away meanwhile ends the program by
 * SIGPIPE, so that a long query is not carried on for nobody. 1 when it had to
 * wait, 0 when not, -1 ERR_IO, or ERR_TEMP when the time is over.
 */
int rows_wait(struct rows *r, int fd, struct err *e) MUST_USE;

/* All rows are there: ERR_DATA when a share of rejects is too high. */
int rows_complete(const struct rows *r, struct err *e) MUST_USE;

#endif
