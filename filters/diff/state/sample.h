/* sample.h - hashes of 256 sample rows, to name the columns that changed.
 *
 * Floor 2 (diff). A note of the snapshot, for the warning of mass_change.h: for
 * the SAMPLE_ROWS keys with the lowest hashes, 16 bits of the hash of each
 * compared column. That is enough to see that a value changed, but too little
 * to prove a guess at a value.
 *
 * An entry has the hash of its row, and counts only while the snapshot has the
 * same hash: an entry of a change that was never delivered is ignored.
 *
 * The note, in the byte order of the machine: numbers of rows and of columns,
 * whether columns were left out, bytes of names (4 each); the names, as JSON
 * strings, each after its length (4); the rows: hash of the key, content hash
 * of the row; the value hashes, row by row, 0 if the row does not have the
 * column.
 */
#ifndef DIFF_STATE_SAMPLE_H
#define DIFF_STATE_SAMPLE_H

#include "diff/state/snapshot.h"

/* Columns beyond this number are left out, and rows with more columns too. */
enum { SAMPLE_ROWS = 256, SAMPLE_COLUMNS = 1024 };

/* A parsed note; borrowed. */
struct sample_view {
	size_t n, columns;
	bool full; /* columns were left out */
	const char *row, *value;
};

/* The row of an entry. */
struct sample_row {
	struct hash key;
	uint64_t row;
};

struct sample {
	uint64_t below; /* the sample has the keys whose hi is below this */
	uint64_t seed;
	const struct snapshot *old;
	const char *compare, *ignore; /* columns.h */
	struct scan *scan;
	struct buf scratch;

	/* the note of the state */
	struct sample_view view;
	bool gone[SAMPLE_ROWS]; /* of its entries: the key was deleted */

	/* columns, those of the note first */
	struct buf names;
	size_t end[SAMPLE_COLUMNS];
	bool counts[SAMPLE_COLUMNS];
	size_t columns;
	bool full;
	uint16_t slot[4 * SAMPLE_COLUMNS]; /* by hash of the name: 1 + number */

	/* rows that arrived, in no order */
	size_t n;
	struct sample_row row[SAMPLE_ROWS];
	uint64_t was[SAMPLE_ROWS]; /* content before an update, else 0 */
	uint16_t value[SAMPLE_ROWS][SAMPLE_COLUMNS];
};

/* In how many rows of a sample a column differs, was added or removed. */
struct sample_change {
	uint32_t differs, new, gone;
};

/* Starts the sample of a run; old has the note of the last run; all is
 * borrowed. Never NULL.
 */
struct sample *sample_new(const struct snapshot *old, const char *compare,
			  const char *ignore, uint64_t seed) MUST_USE;

/* NULL is allowed. */
void sample_free(struct sample *s);

/* Whether a row with this key may be in the sample: about 2,000 rows of a
 * million are. s may be NULL: none.
 */
static inline bool sample_wants(const struct sample *s, struct hash key)
{
	return s && key.hi < s->below;
}

/* Takes a row that the sample wants, once for each key. row is its content hash
 * as the state will have it; was is that of an updated row in the snapshot,
 * else zero.
 */
void sample_take(struct sample *s, struct hash key, uint64_t row, uint64_t was,
		 const struct scan_member *m, size_t n);

/* The same for a row that is not parsed yet: its line, as the reader gave it.
 */
void sample_line(struct sample *s, struct hash key, uint64_t row, uint64_t was,
		 struct slice line);

/* Reports that the key is deleted. */
void sample_drop(struct sample *s, struct hash key);

/* After all rows: counts, for each of s->columns, the updated rows in which it
 * differs from what was delivered. Returns the number of updated rows that it
 * could compare.
 */
size_t sample_compare(const struct sample *s,
		      struct sample_change change[SAMPLE_COLUMNS]);

/* The name of a column, as JSON string. */
struct slice sample_name(const struct sample *s, size_t column);

/* Adds the note for the next run to b; s takes no more rows. */
void sample_note(struct sample *s, struct buf *b);

/* Copies a note to b, without entries of keys that the snapshot does not have,
 * and without the n keys of row, which are to be forgotten.
 */
void sample_but(struct slice note, const struct snapshot *old,
		const struct snapshot_row *row, size_t n, struct buf *b);

#endif
