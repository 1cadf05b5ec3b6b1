/* kept_values.h - the column values that a state keeps beside row hashes.
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
#ifndef DIFF_STATE_KEPT_VALUES_H
#define DIFF_STATE_KEPT_VALUES_H

#include "diff/keys/key.h"

enum kept_values_kind {
	KEPT_VALUES_HASH,
	KEPT_VALUES_COLUMNS,
	KEPT_VALUES_ROW
};

/* One row or kept object in hand. */
struct kept_values_side {
	struct scan *scan;
	const struct scan_member *member;
	size_t n;
	uint64_t shape;
	bool *take;   /* of each member: it is to be kept */
	bool *counts; /* it is one by which rows differ */
	size_t size;
	struct buf text; /* where it lives, when it is ours */
};

struct kept_values_options {
	const char *what; /* of --keep; NULL: what the state notes */
	const char *also; /* list of more columns that are needed, or NULL */
	const char *compare, *ignore; /* which make a change (columns.h) */
};

struct kept_values {
	struct kept_values_options o;
	enum kept_values_kind kind;
	struct buf text; /* what the state is to note */
	uint32_t sum;    /* of text */
	bool changed;    /* text is not what the state notes */
	bool refill;     /* and asks for more than it */
	struct buf key;  /* names of key columns, which lists leave out */
	struct kept_values_side row, was;
	struct buf scratch;
};

/* noted is what the state notes; o and key are borrowed. ERR_USAGE for an
 * empty list.
 */
int kept_values_init(struct kept_values *k, const struct kept_values_options *o,
		     struct slice noted, const struct key *key,
		     struct err *e) MUST_USE;

/* All-zero is allowed. */
void kept_values_clear(struct kept_values *k);

/* What is kept as a member of a begin line, behind a comma: ,"keep":"row", or
 * the list as an array, ,"keep":["plan","addr_*"]. Nothing for hash.
 */
void kept_values_show(const struct kept_values *k, struct buf *b);

/* The sum of what a state notes, by which an intent tells its own. */
uint32_t kept_values_sum_of(struct slice noted);

/* Take a row in hand: the line as the reader gave it. */
void kept_values_row(struct kept_values *k, struct slice line);

/* What is to be kept of the row in hand; borrowed until the next. Empty for
 * hash. With same, only what is known to be as it was when the row has the
 * hash that it had: the columns that make no change are left out.
 */
struct slice kept_values_of(struct kept_values *k, bool same);

/* Whether what is kept leaves something to be known under this --keep. */
bool kept_values_lacks(const struct kept_values *k, struct slice kept);

/* What is kept as a plain JSON object: empty when nothing is. */
struct slice kept_values_object(struct slice kept);

/* The names of columns in which the row in hand differs from what was kept, as
 * a JSON array at the end of b. Nothing, and false, when nothing was kept.
 */
bool kept_values_changed(struct kept_values *k, struct slice kept,
			 uint64_t seed, struct buf *b);

/* The members of what was kept, without the key columns, each behind a comma,
 * at the end of b.
 */
void kept_values_members(struct kept_values *k, struct slice kept,
			 struct buf *b);

/* Bytes that kept_values_adapt may add to those of kept. */
enum { KEPT_VALUES_ADAPTED = 4 };

/* What was kept under another --keep as it may stand under this one, at the
 * end of b: what is not asked for any more is left out. whole says that
 * nothing asked for is missing in it.
 */
void kept_values_adapt(struct kept_values *k, struct slice kept, bool whole,
		       struct buf *b);

#endif
