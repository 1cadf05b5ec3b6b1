/* keep.h - the values that a state keeps beside the hash of a row.
 *
 * Floor 2 (diff). From --keep: "hash" (none), "row", or a list of columns as
 * --compare has it. The state notes what it was made with: the list, "row", or
 * nothing for hash.
 *
 * What is kept of a row is a JSON object: the row as it came, or the columns of
 * the list without those of the key, values as they were written. Nothing is
 * kept of a row of which nothing is known. With a blank in front, what is not
 * in it is not known: it was kept under another list.
 */
#ifndef DIFF_STATE_KEEP_H
#define DIFF_STATE_KEEP_H

#include "diff/keys/key.h"

enum keep_kind { KEEP_HASH, KEEP_COLUMNS, KEEP_ROW };

/* One row or kept object in hand. */
struct keep_side {
	struct scan *scan;
	const struct scan_member *member;
	size_t n;
	uint64_t shape;
	bool *take;   /* of each member: it is to be kept */
	bool *counts; /* it is one by which rows differ */
	size_t size;
	struct buf text; /* where it lives, when it is ours */
};

struct keep_options {
	const char *what; /* of --keep; NULL: what the state notes */
	const char *also; /* list of more columns that are needed, or NULL */
	const char *compare, *ignore; /* which make a change (columns.h) */
};

struct keep {
	struct keep_options o;
	enum keep_kind kind;
	struct buf text; /* what the state is to note */
	uint32_t sum;    /* of text */
	bool changed;    /* text is not what the state notes */
	bool refill;     /* and asks for more than it */
	struct buf key;  /* names of key columns, which lists leave out */
	struct keep_side row, was;
	struct buf scratch;
};

/* noted is what the state notes; o and key are borrowed. ERR_USAGE for an
 * empty list.
 */
int keep_init(struct keep *k, const struct keep_options *o, struct slice noted,
	      const struct key *key, struct err *e) MUST_USE;

/* All-zero is allowed. */
void keep_clear(struct keep *k);

/* What is kept as a member of a begin line, behind a comma: ,"keep":"row", or
 * the list as an array, ,"keep":["plan","addr_*"]. Nothing for hash.
 */
void keep_show(const struct keep *k, struct buf *b);

/* The sum of what a state notes, by which an intent tells its own. */
uint32_t keep_sum_of(struct slice noted);

/* Take a row in hand: the line as the reader gave it. */
void keep_row(struct keep *k, struct slice line);

/* What is to be kept of the row in hand; borrowed until the next. Empty for
 * hash. With same, only what is known to be as it was when the row has the
 * hash that it had: the columns that make no change are left out.
 */
struct slice keep_values(struct keep *k, bool same);

/* Whether what is kept leaves something to be known under this --keep. */
bool keep_lacks(const struct keep *k, struct slice kept);

/* What is kept as a plain JSON object: empty when nothing is. */
struct slice keep_object(struct slice kept);

/* The names of columns in which the row in hand differs from what was kept, as
 * a JSON array at the end of b. Nothing, and false, when nothing was kept.
 */
bool keep_changed(struct keep *k, struct slice kept, uint64_t seed,
		  struct buf *b);

/* The members of what was kept, without the key columns, each behind a comma,
 * at the end of b.
 */
void keep_members(struct keep *k, struct slice kept, struct buf *b);

/* Bytes that keep_adapt may add to those of kept. */
enum { KEEP_ADAPTED = 4 };

/* What was kept under another --keep as it may stand under this one, at the
 * end of b: what is not asked for any more is left out. whole says that
 * nothing asked for is missing in it.
 */
void keep_adapt(struct keep *k, struct slice kept, bool whole, struct buf *b);

#endif
