/* table.h - a whole table as keys and hashes, read into memory and ordered.
 *
 * Floor 2 (diff). For the old one of two files, and for rows that are taken as
 * delivered. Every row must be readable and have a key of its own.
 */
#ifndef DIFF_TABLE_H
#define DIFF_TABLE_H

#include "diff/columns.h"
#include "diff/identity.h"
#include "diff/keep.h"
#include "diff/sample.h"
#include "diff/snapshot.h"
#include "diff/tag.h"

struct table {
	struct snapshot_row *row; /* ordered by key; version is 0 */
	size_t n, size;
	struct buf text;    /* of the keys, which the rows borrow */
	struct buf kept;    /* values of the rows, likewise */
	struct buf scratch; /* for hashes */
	struct identity identity;
};

/* How its rows are read; all is borrowed. */
struct table_options {
	struct key *key;
	struct columns *columns;
	struct keep *keep;
	struct hash mixed;     /* into the hash of each row (tag.h) */
	struct sample *sample; /* or NULL */
	uint64_t seed;
	struct mark_how marks;
};

/* Read all rows of the input. ERR_DATA with the line for a row that is none,
 * without a key or refused by a stage before, or when the input was cut off or
 * is a part only, or a key stands twice; ERR_IO.
 */
int table_read(struct table *t, struct input *in, struct table_options *o,
	       struct err *e) MUST_USE;

/* Whether the line in hand is a row, which is to be taken; -1 ERR_DATA for one
 * that stands for a row, or is none of ours: the table is not whole.
 */
int table_is_row(const struct input *in, struct err *e) MUST_USE;

/* At the end of input: 0 when all rows of the table came, else -1 ERR_DATA. */
int table_is_whole(const struct input *in, struct err *e) MUST_USE;

/* All-zero is allowed. */
void table_clear(struct table *t);

#endif
