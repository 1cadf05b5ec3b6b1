/* diff.h - rows into changes since the last delivered state.
 *
 * Floor 2 (diff). One pass: a row is looked up by the hash of its key, and a
 * change leaves before the next row is waited for. Deletes come last, and
 * only when all rows were seen and no delete guard blocks them.
 *
 * Memory: 2 to 4 bytes a key of the snapshot for its index (at most 64 MiB),
 * one bit a key seen, 20 to 30 bytes for each key that the snapshot does not
 * have; past a bound these go to disk (new_keys.h).
 */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include "core/err.h"
#include "core/opt.h"
#include "wire/stream/input.h"

/* Unless --memory says otherwise. */
#define DIFF_MEMORY ((uint64_t)1024 * 1024 * 1024)

struct diff_options {
	const char *key; /* "id" or "country,id"; NULL: as the state has it */
	const char *identity; /* "email": more of the key, see identity.h */
	const char *state;    /* folder; NULL: compare two files */
	const char *mode; /* upsert, mirror, insert-only, update-only, full */
	const char *compare, *ignore; /* columns that count, see columns.h */
	const char *keep; /* hash, row or columns, see kept_values.h */
	const char *tag, *on_tag_change; /* see tag.h; NULL: not given */
	const char *max_deletes, *allow_deletes;
	uint64_t delete_after_runs;     /* 0 and 1: at once */
	uint64_t max_changes;           /* in a run; 0: no limit */
	const struct opt_list *require; /* keys that must come, or NULL */
	const char *end_from;           /* file with the end line, or NULL */
	const char *stats;              /* file for the counters, or NULL */
	bool full;                      /* send every row this once */
	bool allow_older; /* rows read before those of the last commit */
	bool rebase;      /* take the rows as delivered, send nothing */
	bool dry_run;     /* write no state */
	bool sorted;      /* two files in the order of order.h */
	uint64_t memory;  /* bytes, then temporary files; 0: no bound */
	uint64_t lock_wait_ms;
	struct input_options input;
};

/* Rows from fd in, changes to fd out, which is closed. 0, or -1 with
 * the verdict: ERR_PARTIAL and ERR_BLOCKED mean that the stream is complete.
 */
int diff_run(const struct diff_options *o, int in, int out,
	     struct err *e) MUST_USE;

#endif
