/* delete_guard.h - decides which deletes are blocked, and what allows them.
 *
 * Floor 2 (diff). A query may succeed with too few rows: an emptied table, a
 * view in the middle of its rebuild, a WHERE too many. The deletes of such a
 * run are blocked until somebody names their exact number, and the guard too
 * where it is one that doubts the input.
 */
#ifndef DIFF_PASS_DELETE_GUARD_H
#define DIFF_PASS_DELETE_GUARD_H

#include "core/err.h"

/* Each guard is a bit, in the order of their words (delete_guard.c). */
enum delete_guard_name {
	DELETE_GUARD_TRUNCATED = 1, /* no end line: --trust-eof */
	DELETE_GUARD_PARTIAL = 2,   /* rows were left out: --limit, a cursor */
	DELETE_GUARD_EMPTY = 4,
	DELETE_GUARD_UNREADABLE = 8, /* rows whose keys are unknown */
	DELETE_GUARD_REQUIRE_KEY = 16,
	DELETE_GUARD_MODEL = 32, /* it differs, and the deletes are many */
	DELETE_GUARD_COUNT = 64  /* --max-deletes */
};

/* The guards that doubt the input: nothing follows from what is missing. Only
 * --allow-deletes with their names lifts them.
 */
enum {
	DELETE_GUARD_BLIND = DELETE_GUARD_TRUNCATED | DELETE_GUARD_PARTIAL |
			     DELETE_GUARD_EMPTY | DELETE_GUARD_UNREADABLE |
			     DELETE_GUARD_REQUIRE_KEY
};

/* This many deletes are always within the default, and never too many for a
 * different model.
 */
#define DELETE_GUARD_FEW 10

struct delete_guard {
	bool given;      /* --max-deletes: counts literally */
	bool percent;    /* limit is in percent of the keys */
	uint64_t limit;  /* in percent, or a number of keys */
	bool has_permit; /* --allow-deletes was given */
	uint64_t permit; /* the exact number that it allows */
	unsigned names;  /* the guards that it names, as bits */
};

/* What the run knows when it comes to deletes. */
struct delete_guard_case {
	uint64_t keys;       /* in the snapshot, or perhaps delivered */
	uint64_t deletes;    /* of missing keys */
	uint64_t again;      /* deletes that were sent before */
	uint64_t missing;    /* deletes but again, and deferred ones */
	uint64_t rows;       /* that arrived, unreadable ones too */
	uint64_t unreadable; /* rows whose key is unknown; all of these: */
	uint64_t keyless;    /* that have no key */
	uint64_t upstream;   /* rejected by an earlier stage */
	uint64_t keyless_line, bad_line; /* the first, or 0 */
	const char *no_key; /* what is wrong with the key of the first, or NULL
			     */
	bool trusted_eof;   /* no end line: --trust-eof */
	bool partial;       /* the end line says that rows were left out */
	bool key_missing;   /* a key of --require-key */
	bool new_model;     /* the model differs from the recorded one */
};

/* From --max-deletes ("10%", "500"; NULL for the default: 10 % of the keys, or
 * 10 keys if that is more, never more than half of the keys) and
 * --allow-deletes
 * ("90", "90,empty"; NULL: not given). ERR_USAGE.
 */
int delete_guard_init(struct delete_guard *b, const char *max,
		      const char *allow, struct err *e) MUST_USE;

/* How many of this number of keys may be deleted. */
uint64_t delete_guard_limit(const struct delete_guard *b, uint64_t keys);

/* The guards that doubt this input, as bits; the counts are not looked at. */
unsigned delete_guard_blind(const struct delete_guard_case *c);

/* Whether the message of those guards says why rows are unreadable. */
static inline bool delete_guard_says_unreadable(unsigned blind)
{
	return (blind & (2 * DELETE_GUARD_UNREADABLE - 1)) ==
	       DELETE_GUARD_UNREADABLE;
}

/* Whether there are too many missing keys for a model that differs. */
bool delete_guard_is_model(const struct delete_guard_case *c);

/* How many deletes are blocked, or 0. They are all of them where the input is
 * in doubt, else those that were not sent before. If any, *e says by which
 * guards, why, and the option that allows them (ERR_BLOCKED).
 */
uint64_t delete_guard_blocks(const struct delete_guard *b,
			     const struct delete_guard_case *c, struct err *e);

#endif
