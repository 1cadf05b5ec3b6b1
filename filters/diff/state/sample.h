/* sample.h - hashes of 256 sample rows, to name the columns that changed.
 *
 * Floor 2 (diff). A note of the snapshot, for the warning of mass_change.h: of
 * the SAMPLE_ROWS keys with the lowest hashes, 16 bits of the hash of each
 * column that counts. So few bits tell two values apart, but do not let a guess
 * at a value be proved.
 *
 * An entry has the hash of the row that it is of. It counts only while the
 * snapshot has the same: that of a change that was never delivered is of no
 * use, and does no harm.
 *
 * The note, in the byte order of the machine: numbers of rows and of columns,
 * whether columns were left out, bytes of names (4 each); the names, as JSON
 * strings, each behind its length (4); the rows: hash of the key, high half of
 * the row's; the hashes, row by row, 0 where the row has no such column.
 */
#ifndef DIFF_STATE_SAMPLE_H
#define DIFF_STATE_SAMPLE_H

#include "diff/state/snapshot.h"

/* Further columns are left out, and rows with more of them. */
enum { SAMPLE_ROWS = 256, SAMPLE_COLUMNS = 1024 };

/* A note taken apart; borrowed. */
struct sample_view {
	size_t n, columns;
	bool full; /* columns were left out */
	const char *row, *value;
};

/* Which row an entry is of. */
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

	/* what the state notes */
	struct sample_view view;
	bool gone[SAMPLE_ROWS]; /* of its entries */

	/* columns, those of the note first */
	struct buf names;
	size_t end[SAMPLE_COLUMNS];
	bool counts[SAMPLE_COLUMNS];
	size_t columns;
	bool full;
	uint16_t slot[4 * SAMPLE_COLUMNS]; /* by hash of the name: 1 + number */

	/* rows that came, in no order */
	size_t n;
	struct sample_row row[SAMPLE_ROWS];
	uint64_t was[SAMPLE_ROWS]; /* of an update: as row, before; else 0 */
	uint16_t value[SAMPLE_ROWS][SAMPLE_COLUMNS];
};

/* In how many rows of a sample a column differs, and how. */
struct sample_change {
	uint32_t differs, new, gone;
};

/* For a run over old, which has the note; all is borrowed. Never NULL. */
struct sample *sample_new(const struct snapshot *old, const char *compare,
			  const char *ignore, uint64_t seed) MUST_USE;

/* NULL is allowed. */
void sample_free(struct sample *s);

/* Whether a row with this key may be of the sample: of a million, some two
 * thousand. s may be NULL: none.
 */
static inline bool sample_wants(const struct sample *s, struct hash key)
{
	return s && key.hi < s->below;
}

/* A row that the sample wants came, once for each key: row is the high half
 * of its hash as the state will have it, was that of an update as the snapshot
 * has it, else zero.
 */
void sample_take(struct sample *s, struct hash key, uint64_t row, uint64_t was,
		 const struct scan_member *m, size_t n);

/* The same for its line, as the reader gave it. */
void sample_line(struct sample *s, struct hash key, uint64_t row, uint64_t was,
		 struct slice line);

/* The key is deleted. */
void sample_drop(struct sample *s, struct hash key);

/* When all rows came: in how many of the updates that left each of s->columns
 * differs from what was delivered; returns of how many that is known.
 */
size_t sample_compare(const struct sample *s,
		      struct sample_change change[SAMPLE_COLUMNS]);

/* The name of a column, as JSON string. */
struct slice sample_name(const struct sample *s, size_t column);

/* The note to the next run, at the end of b; s takes no more rows. */
void sample_note(struct sample *s, struct buf *b);

/* The entries of a note that are of keys in the snapshot, without that of one
 * that is to be forgotten, at the end of b.
 */
void sample_but(struct slice note, const struct snapshot *old,
		const struct snapshot_row *row, size_t n, struct buf *b);

#endif
