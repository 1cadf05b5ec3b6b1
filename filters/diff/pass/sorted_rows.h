/* sorted_rows.h - a whole table as keys and hashes, ordered.
 *
 * Floor 2 (diff). For the old one of two files, and for rows that are taken as
 * delivered. Every row must be readable and have a key of its own.
 *
 * Rows are put aside by parts of the key (spool.h), in memory up to a quarter
 * of --memory and then on disk, and ordered part by part. In memory are one
 * part and what the spool holds.
 */
#ifndef DIFF_PASS_SORTED_ROWS_H
#define DIFF_PASS_SORTED_ROWS_H

#include "diff/keys/columns.h"
#include "diff/keys/spool.h"
#include "diff/pass/identity.h"
#include "diff/state/kept_values.h"
#include "diff/state/sample.h"
#include "diff/state/snapshot.h"
#include "diff/state/tag.h"

struct sorted_rows {
	size_t n;      /* rows */
	size_t text_n; /* bytes of their texts and kept values */
	struct spool rows;
	struct buf text; /* of the row in hand */
	struct hash_scratch scratch;
	struct identity identity;
	struct spool doubts; /* of which rows the -k may be duplicates */
	uint32_t version;    /* that all rows get */

	/* the part in hand */
	unsigned part;
	struct snapshot_row *row;
	size_t n_part, size;
};

/* How its rows are read; all is borrowed. */
struct sorted_rows_options {
	struct key *key;
	struct columns *columns;
	struct kept_values *keep;
	struct hash mixed;     /* into the hash of each row (tag.h) */
	struct sample *sample; /* or NULL */
	uint64_t seed;
	struct row_hash_how marks;
	uint64_t memory; /* 0: no bound */
	const char *dir; /* for temporary files (temp_dir) */
	bool ahead;      /* the first line was read already */
};

/* Read all rows of the input. ERR_DATA with the line of a row that is invalid,
 * has no key or was refused by an earlier stage, or if the input is truncated
 * or partial; ERR_CREATE, ERR_IO.
 */
int sorted_rows_read(struct sorted_rows *t, struct input *in,
		     struct sorted_rows_options *o, struct err *e) MUST_USE;

/* All its rows, for snapshot_write_from and such; t must stay where it is. On
 * the way: ERR_DATA, with the line, where a key is a duplicate; ERR_IO.
 */
struct snapshot_feed sorted_rows_feed(struct sorted_rows *t);

/* As a snapshot: in memory, or in a temporary file in dir if the table is on
 * disk. Errors as sorted_rows_feed, and ERR_CREATE.
 */
int sorted_rows_snapshot(struct sorted_rows *t, struct snapshot *s,
			 const char *dir, struct err *e) MUST_USE;

/* Whether the line in hand is a row, which is to be taken; -1 ERR_DATA for a
 * reject, which stands for a row, and for a foreign line: the table is not
 * whole.
 */
int sorted_rows_is_row(const struct input *in, struct err *e) MUST_USE;

/* At the end of input: 0 when all rows of the table came, else -1 ERR_DATA. */
int sorted_rows_is_whole(const struct input *in, struct err *e) MUST_USE;

/* All-zero is allowed. */
void sorted_rows_clear(struct sorted_rows *t);

#endif
