/* diff_options.h - the options of rudder-diff.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_PASS_DIFF_OPTIONS_H
#define DIFF_PASS_DIFF_OPTIONS_H

#include "core/err.h"
#include "core/opt.h"
#include "wire/stream/input.h"

/* Unless --memory says otherwise. */
#define DIFF_OPTIONS_MEMORY ((uint64_t)1024 * 1024 * 1024)

struct diff_options {
	const char *key; /* "id" or "country,id"; NULL: that of the state */
	const char *identity; /* "email": a part of the key, see identity.h */
	const char *state;    /* folder; NULL: compare two files */
	const char *mode; /* upsert, mirror, insert-only, update-only, full */
	const char *compare, *ignore; /* columns to compare, see columns.h */
	const char *keep; /* hash, row or columns, see kept_values.h */
	const char *tag, *on_tag_change;   /* see tag.h; NULL: not given */
	const char *on_mapping_change;     /* NULL: full; see resend.h */
	uint64_t max_resend, allow_resend; /* rows; UINT64_MAX: default */
	bool accept_connection; /* a new destination or user identifier */
	const char *max_deletes, *allow_deletes;
	uint64_t delete_after_runs;     /* 0 and 1: delete at once */
	uint64_t max_changes;           /* in a run; 0: no limit */
	const struct opt_list *require; /* keys that must arrive, or NULL */
	const char *end_from;           /* file with the end line, or NULL */
	const char *stats;              /* file for the counters, or NULL */
	bool full;                      /* send every row this once */
	bool allow_older; /* rows read before those of the last commit */
	bool rebase;      /* record the rows as delivered, send nothing */
	bool dry_run;     /* write no state */
	bool hold;        /* make a plan: no other run until its commit */
	bool sorted;      /* two files in the order of order.h */
	bool confine;     /* give up access to other files and the network */
	uint64_t memory;  /* bytes, then temporary files; 0: no limit */
	uint64_t lock_wait_ms;
	struct input_options input;
};

#endif
