/* sorted_rows.h - a whole table as keys and hashes, ordered.
 *
 * Floor 2 (diff). For the old one of two files, and for rows that are recorded
 * as delivered. Every row must be readable and have a unique key.
 *
 * Rows are put aside in parts by key (spool.h), in memory up to a quarter of
 * --memory and then on disk, and sorted part by part. Memory holds one part and
 * the buffers of the spool.
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
	struct buf text; /* key text of the current row */
	struct hash_scratch scratch;
	struct identity identity;
	struct spool doubts; /* rows whose -k may be a duplicate */
	uint32_t version;    /* for all rows */

	/* the current part */
	unsigned part;
	struct snapshot_row *row;
	size_t n_part, size;
};

/* How to read the rows; all is borrowed. */
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
	bool ahead;      /* the first line was already read */
};

/* Reads all rows of the input. ERR_DATA with the line of a row that is invalid,
 * has no key or was rejected by an earlier stage, or if the input is truncated
 * or partial; ERR_CREATE, ERR_IO.
 */
int sorted_rows_read(struct sorted_rows *t, struct input *in,
		     struct sorted_rows_options *o, struct err *e) MUST_USE;

/* A feed of all rows, for snapshot_write_from and similar; t must stay in
 * place. next returns ERR_DATA with the line of a duplicate key; ERR_IO.
 */
struct snapshot_feed sorted_rows_feed(struct sorted_rows *t);

/* Makes a snapshot of the rows: in memory, or in a temporary file in dir if the
 * table is on disk. Errors as sorted_rows_feed, and ERR_CREATE.
 */
int sorted_rows_snapshot(struct sorted_rows *t, struct snapshot *s,
			 const char *dir, struct err *e) MUST_USE;

/* Whether the current line is a row; -1 ERR_DATA for a reject, which stands for
 * a row, and for a foreign line: the table is not complete.
 */
int sorted_rows_is_row(const struct input *in, struct err *e) MUST_USE;

/* At the end of input: 0 if the table is complete, else -1 ERR_DATA. */
int sorted_rows_is_whole(const struct input *in, struct err *e) MUST_USE;

/* All-zero is allowed. */
void sorted_rows_clear(struct sorted_rows *t);

#endif
