/* kept_values.h - the column values that a state keeps beside row hashes.
 *
 * Floor 2 (diff). From --keep: "hash" (no values), "row", or a list of columns
 * like that of --compare. The state notes under which --keep it was written:
 * the list, "row", or nothing for hash.
 *
 * The kept values of a row are a JSON object: the row as it arrived, or the
 * listed columns except those of the key, with values as they were written.
 * Nothing is kept of a row whose content is unknown. A blank before the object
 * means that it was kept under a different list: columns that it lacks are
 * unknown.
 */
#ifndef DIFF_STATE_KEPT_VALUES_H
#define DIFF_STATE_KEPT_VALUES_H

#include "diff/keys/key.h"

enum kept_values_kind {
	KEPT_VALUES_HASH,
	KEPT_VALUES_COLUMNS,
	KEPT_VALUES_ROW
};

/* A row, or an object of kept values, that was scanned last. */
struct kept_values_side {
	struct scan *scan;
	const struct scan_member *member;
	size_t n;
	uint64_t shape;
	bool *take;   /* of each member: whether it is kept */
	bool *counts; /* and whether it is compared */
	size_t size;
	struct buf text; /* its copy, if one was needed */
};

struct kept_values_options {
	const char *what; /* --keep; NULL: what the state notes */
	const char *also; /* list of further columns to keep, or NULL */
	const char *compare, *ignore; /* compared ones (columns.h) */
};

struct kept_values {
	struct kept_values_options o;
	enum kept_values_kind kind;
	struct buf text; /* the note for the state */
	uint32_t sum;    /* of text */
	bool changed;    /* text is not what the state notes */
	bool refill;     /* text needs more than that note has */
	bool widens;     /* text has that note, and more */
	struct buf key;  /* names of key columns, which lists omit */
	struct kept_values_side row, was;
	struct buf scratch;
};

/* noted is the note of the state; o and key are borrowed. ERR_USAGE for an
 * empty list.
 */
int kept_values_init(struct kept_values *k, const struct kept_values_options *o,
		     struct slice noted, const struct key *key,
		     struct err *e) MUST_USE;

/* All-zero is allowed. */
void kept_values_clear(struct kept_values *k);

/* Adds --keep as a member of a begin line, after a comma: ,"keep":"row", or the
 * list as an array, ,"keep":["plan","addr_*"]. Adds nothing for hash.
 */
void kept_values_show(const struct kept_values *k, struct buf *b);

/* A checksum of the note of a state; an intent has that of its own values. */
uint32_t kept_values_sum_of(struct slice noted);

/* Whether everything that one note asks for is kept under the other. */
bool kept_values_covers(struct slice noted, struct slice asked);

/* Scans a row, whose line is as the reader gave it. */
void kept_values_row(struct kept_values *k, struct slice line);

/* The values to keep of the scanned row; borrowed until the next call. Empty
 * for hash. With same, the row is only known to have the hash that was
 * delivered, so columns that are not compared are left out.
 */
struct slice kept_values_of(struct kept_values *k, bool same);

/* Whether values that this --keep asks for are missing from kept. */
bool kept_values_lacks(const struct kept_values *k, struct slice kept);

/* The kept values as a plain JSON object; empty without values. */
struct slice kept_values_object(struct slice kept);

/* Adds to b, as a JSON array, the names of the columns in which the scanned row
 * differs from its kept values. Adds nothing and returns false if no values
 * were kept.
 */
bool kept_values_changed(struct kept_values *k, struct slice kept,
			 uint64_t seed, struct buf *b);

/* Adds to b the kept values as members, each after a comma, without the key
 * columns.
 */
void kept_values_members(struct kept_values *k, struct slice kept,
			 struct buf *b);

/* Bytes that kept_values_adapt may add to those of kept. */
enum { KEPT_VALUES_ADAPTED = 4 };

/* Converts values that were kept under a different --keep, and adds them to b:
 * columns that are not kept any more are left out. whole says that no column is
 * missing.
 */
void kept_values_adapt(struct kept_values *k, struct slice kept, bool whole,
		       struct buf *b);

#endif
