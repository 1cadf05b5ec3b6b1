/* delete_guard.h - decides which deletes are blocked, and what allows them.
 *
 * Floor 2 (diff). A query may succeed with too few rows: an emptied table, a
 * view that is just being rebuilt, a WHERE clause too many. The deletes of such
 * a run are blocked until somebody allows their exact number, and also names
 * the guard if it is one that doubts the input.
 */
#ifndef DIFF_PASS_DELETE_GUARD_H
#define DIFF_PASS_DELETE_GUARD_H

#include "core/err.h"

/* Each guard is a bit; the order is that of their names in delete_guard.c. */
enum delete_guard_name {
	DELETE_GUARD_TRUNCATED = 1, /* no end line: --trust-eof */
	DELETE_GUARD_PARTIAL = 2,   /* rows were left out: --limit, a cursor */
	DELETE_GUARD_EMPTY = 4,
	DELETE_GUARD_UNREADABLE = 8, /* rows with an unknown key */
	DELETE_GUARD_REQUIRE_KEY = 16,
	DELETE_GUARD_MODEL = 32, /* a differing model has many deletes */
	DELETE_GUARD_COUNT = 64  /* --max-deletes */
};

/* The guards that doubt the input: no key may be regarded as missing. Only
 * --allow-deletes with their names lifts them.
 */
enum {
	DELETE_GUARD_BLIND = DELETE_GUARD_TRUNCATED | DELETE_GUARD_PARTIAL |
			     DELETE_GUARD_EMPTY | DELETE_GUARD_UNREADABLE |
			     DELETE_GUARD_REQUIRE_KEY
};

/* The default limit is at least this many deletes, unless that is more than
 * half of the keys. A new model never blocks this many.
 */
#define DELETE_GUARD_FEW 10

struct delete_guard {
	bool given;      /* --max-deletes: counts literally */
	bool percent;    /* limit is in percent of the keys */
	uint64_t limit;  /* in percent, or a number of keys */
	bool has_permit; /* --allow-deletes was given */
	uint64_t permit; /* the exact number that it allows */
	unsigned names;  /* guards that --allow-deletes names, as bits */
};

/* What the run knows before it deletes. */
struct delete_guard_case {
	uint64_t keys;       /* in the snapshot, or sent and unacknowledged */
	uint64_t deletes;    /* for missing keys */
	uint64_t again;      /* deletes that an earlier run has sent */
	uint64_t missing;    /* missing keys whose delete was not sent yet */
	uint64_t rows;       /* rows that arrived, including unreadable ones */
	uint64_t unreadable; /* rows with an unknown key, of all kinds */
	uint64_t keyless;    /* rows without a key */
	uint64_t upstream;   /* rejected by an earlier stage */
	uint64_t keyless_line, bad_line; /* first line, or 0 */
	const char *no_key; /* what is wrong with the first key, or NULL */
	bool trusted_eof;   /* no end line: --trust-eof */
	bool partial;       /* the end line has it: rows were left out */
	bool key_missing;   /* a key of --require-key is missing */
	bool new_model;     /* the model differs from the recorded one */
};

/* Initializes from --max-deletes ("10%", "500"; NULL for the default: 10 % of
 * the keys, or 10 keys if that is more, never more than half of the keys) and
 * --allow-deletes ("90", "90,empty"; NULL: not given). ERR_USAGE.
 */
int delete_guard_init(struct delete_guard *b, const char *max,
		      const char *allow, struct err *e) MUST_USE;

/* How many of this number of keys may be deleted. */
uint64_t delete_guard_limit(const struct delete_guard *b, uint64_t keys);

/* The guards that doubt this input, as bits; the counts are not looked at. */
unsigned delete_guard_blind(const struct delete_guard_case *c);

/* The guards that doubt this input, as bits; its deletes do not matter. */
static inline bool delete_guard_says_unreadable(unsigned blind)
{
	return (blind & (2 * DELETE_GUARD_UNREADABLE - 1)) ==
	       DELETE_GUARD_UNREADABLE;
}

/* Whether too many keys are missing for a model that differs. */
bool delete_guard_is_model(const struct delete_guard_case *c);

/* The number of blocked deletes, or 0. If the input is in doubt all deletes are
 * blocked, else those that were not sent before. If any is, *e has the guards,
 * the reason, and the option that allows them (ERR_BLOCKED).
 */
uint64_t delete_guard_blocks(const struct delete_guard *b,
			     const struct delete_guard_case *c, struct err *e);

#endif
