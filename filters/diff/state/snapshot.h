/* snapshot.h - what the destination is known to hold: keys and row hashes.
 *
 * Floor 2 (diff). An immutable file, sorted by key hash, mapped for reading; a
 * new one replaces it as a whole. 44 bytes a key and the texts of the keys:
 *
 *     header  magic, format, byte order, count of keys, seed, generation
 *     table   number, length and checksum of each part
 *     columns the key columns, as JSON
 *     hot     per key 16 bytes key hash, 16 bytes row hashes (row_hash.h)
 *     cold    per key 4 bytes version, 6 bytes offset of its text, 2 its length
 *     text    the text of each key (key.h), followed by the values kept of its
 *             row (kept_values.h)
 *     notes   what else is known, each a part of its own (enum snapshot_note)
 *     sums    checksums of the blocks of hot, cold, text and over
 *     below   of an incremental file: the files below it
 *     over    of an incremental file: which entries its entries supersede
 *
 * Parts are aligned to 64 bytes and in the order of the table. A part with an
 * unknown number was written by a newer rudder-diff: the file is refused. Older
 * formats can still be read: format 3 had no blocks and no incremental files;
 * format 2 had the other half of the row hash in place of the line hash; format
 * 1 also had no table, no values and no notes.
 *
 * An incremental file has only the keys that were put in or removed since the
 * file below it was written. The file below was the snapshot then, and is
 * called rows-GENERATION now; it may be incremental too. All files together are
 * one snapshot. Its entries are numbered by position: those of the lowest file
 * first. An entry is past if a higher file has its key, or if it removes its
 * key (version 0). All other positions are live: to see all keys, go from one
 * live position to the next.
 *
 * A small snapshot is checked when it is opened. Of a large one, only the
 * blocks where a key is looked for are checked, until all of it is needed
 * (snapshot_whole). snapshot_sound reports damage; call it before anything
 * leaves.
 *
 * To look up keys, a whole snapshot has an index in memory: 2 to 4 bytes a key,
 * at most 64 MiB.
 */
#ifndef DIFF_STATE_SNAPSHOT_H
#define DIFF_STATE_SNAPSHOT_H

#include <assert.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/file.h"
#include "diff/state/row_hash.h"

struct snapshot_hot {
	struct hash key;
	struct row_hash mark;
};

struct snapshot_cold {
	uint32_t version;
	uint32_t text_low;  /* offset of the key's text */
	uint16_t text_high; /* the same, bits 32 to 47 */
	uint16_t text_last; /* length of the key's text, less one */
};

/* Notes about the whole snapshot, as bytes. Files contain these numbers. */
enum snapshot_note {
	SNAPSHOT_KEEP,       /* --keep of the values (kept_values.h) */
	SNAPSHOT_TAG,        /* --tag of the last complete run (tag.h) */
	SNAPSHOT_TAG_BASE,   /* tag in the hashes of rows */
	SNAPSHOT_MISSED,     /* missing keys (absent_runs.h) */
	SNAPSHOT_PROMISED,   /* keys promised to the next run (quota.h) */
	SNAPSHOT_HAND,       /* last promised key (quota.h) */
	SNAPSHOT_POSTPONED,  /* number of postponed changes, 8 bytes */
	SNAPSHOT_SAMPLE,     /* hashes of some rows' columns (sample.h) */
	SNAPSHOT_MODEL,      /* fingerprint, of the last run with deletes */
	SNAPSHOT_CONNECTION, /* see state_connection.h */
	SNAPSHOT_RESEND,     /* why all rows are to be sent again */
	SNAPSHOT_RESENT,     /* number of resends, 8 bytes (resend.h) */
	SNAPSHOT_COMPARED,   /* columns that are compared (compared.h) */
	SNAPSHOT_OWED,       /* last resend of --full, 8 bytes (resend.h) */
	SNAPSHOT_BEFORE,     /* RESENT before it was raised, 8 bytes */
	SNAPSHOT_NOTES
};

/* A note that is a number of 8 bytes; 0 if it is not there. */
static inline uint64_t snapshot_note_number(struct slice note)
{
	uint64_t number = 0;

	if (note.n == sizeof(number))
		memcpy(&number, note.p, sizeof(number));
	return number;
}

/* Files that one snapshot may have. */
enum { SNAPSHOT_FILES = 9 };

/* The value in over for an entry that supersedes nothing. */
#define SNAPSHOT_NONE UINT32_MAX

struct snapshot_file;

struct snapshot {
	const struct snapshot_hot *hot; /* of the lowest file, ordered by key */
	const struct snapshot_cold *cold;
	struct slice text;
	size_t base;   /* entries of the lowest file */
	size_t places; /* entries of all files */
	size_t n;      /* keys: entries that are not past */
	uint64_t seed;
	uint64_t generation; /* above every version ever used in it */
	struct slice columns;
	struct slice note[SNAPSHOT_NOTES]; /* empty: not there */

	bool plain;      /* format 1: text has keys only */
	bool lineless;   /* format 1 or 2: without line hashes */
	uint32_t *index; /* first entry of each bucket, by the top bits of the
			  * key; NULL: not whole, only some blocks are checked
			  */
	unsigned shift;  /* bucket = key.hi >> shift */
	unsigned char *past;        /* a bit for each position, if files > 1 */
	struct snapshot_file *file; /* from the lowest to the newest */
	size_t files;
	void *memory; /* holds it all, if made by snapshot_build */
};

/* A key to put in, or to remove. */
struct snapshot_row {
	struct hash key;
	struct row_hash mark;
	const char *text, *kept; /* borrowed */
	uint32_t text_n, kept_n;
	uint32_t version;
	bool gone; /* remove it */
};

/* Maps the file, and the files below it, which are in the same folder. A small
 * snapshot is checked as a whole. 1; 0 if there is no file; -1: ERR_CONFIG if a
 * file is damaged, foreign, newer or missing; ERR_IO.
 */
int snapshot_open(struct snapshot *s, const char *path, struct err *e) MUST_USE;

/* Checks and indexes all of it, once. Call it before anything other than
 * snapshot_find, and functions for a position that snapshot_find returned.
 * ERR_CONFIG.
 */
int snapshot_whole(struct snapshot *s, struct err *e) MUST_USE;

/* Whether everything that was looked up so far is undamaged. If not, no
 * decision may be based on it. ERR_CONFIG.
 */
int snapshot_sound(const struct snapshot *s, struct err *e) MUST_USE;

/* A snapshot of at most this many bytes is small: 16 MiB, or the environment
 * variable RUDDER_SMALL_STATE, for tests.
 */
uint64_t snapshot_small(void);

/* Bytes of memory that it uses besides the mapped file. */
size_t snapshot_memory(const struct snapshot *s);

/* All-zero is allowed. */
void snapshot_clear(struct snapshot *s);

/* Sorts rows by key, in O(n). Rows with equal keys stay in their order. */
void snapshot_order(struct snapshot_row *row, size_t n);

/* Writes old, with the rows put in and removed, as a new file at path, whole
 * and durable. The rows are ordered and without duplicate keys. old may be
 * empty; its seed, columns, notes and the given generation go into the file.
 * ERR_CREATE, ERR_IO.
 */
int snapshot_write(const struct snapshot *old, const struct snapshot_row *row,
		   size_t n, uint64_t generation, const char *path,
		   struct err *e) MUST_USE;

/* The same for too many rows to be in memory at once. next returns the next
 * batch (1; 0: no more; -1); batches are ordered, and so are the rows in each.
 * All rows are read twice, first to count them; rewind goes back to the first
 * batch. A batch is borrowed until the next call.
 */
struct snapshot_feed {
	int (*next)(void *ctx, const struct snapshot_row **row, size_t *n,
		    struct err *e);
	void (*rewind)(void *ctx);
	void *ctx;

	/* With counted, the numbers of rows and of bytes of their texts and
	 * values are known, and the rows are read only once. For an empty old
	 * snapshot only.
	 */
	bool counted;
	size_t n, text_n;
};
int snapshot_write_from(const struct snapshot *old,
			const struct snapshot_feed *feed, uint64_t generation,
			const char *path, struct err *e) MUST_USE;

/* Writes the next snapshot of a state, whose file is old. If little has changed
 * in a large one, only the changes are written (see above), so the cost follows
 * the number of rows. The files below are left in place; snapshot_update_tidy
 * removes those that are not used any more. With anew everything is written, so
 * that nothing of the old snapshot stays on disk.
 */
int snapshot_update(struct snapshot *old, const struct snapshot_feed *feed,
		    bool anew, uint64_t generation, const char *path,
		    struct err *e) MUST_USE;

/* The same for n ordered rows. */
int snapshot_update_rows(struct snapshot *old, const struct snapshot_row *row,
			 size_t n, bool anew, uint64_t generation,
			 const char *path, struct err *e) MUST_USE;

/* Writes a snapshot of several files as one file, otherwise the same, and opens
 * that. Afterwards it is whole in any case (snapshot_whole). ERR_CREATE,
 * ERR_IO, ERR_CONFIG.
 */
int snapshot_update_merge(struct snapshot *s, const char *path,
			  struct err *e) MUST_USE;

/* Removes the files in the folder that none of these n snapshots needs. If one
 * of them cannot be read, it may need any file, so all stay. ERR_IO.
 */
int snapshot_update_tidy(const char *dir, char *const *path, size_t n,
			 struct err *e) MUST_USE;

/* The generations of the files below, lowest first; returns their number. */
size_t snapshot_below(const struct snapshot *s,
		      uint64_t generation[SNAPSHOT_FILES]);

/* The path of the file of that generation below the snapshot at path. */
void snapshot_lower_path(struct buf *b, const char *path, uint64_t generation);

/* Builds a snapshot of counted rows, in memory. Errors as next. */
int snapshot_build(struct snapshot *s, const struct snapshot_feed *feed,
		   struct err *e) MUST_USE;

/* The same in an unnamed temporary file in dir, which is mapped. ERR_CREATE,
 * ERR_IO.
 */
int snapshot_write_mapped(struct snapshot *s, const struct snapshot_feed *feed,
			  const char *dir, struct err *e) MUST_USE;

/* A bucket with at most this many entries is searched linearly. */
enum { SNAPSHOT_FEW = 4 };

/* About where the key is in a larger bucket: hashes are spread evenly, so it is
 * as far into the bucket as its hash is.
 */
static ALWAYS_INLINE size_t snapshot_about(const struct snapshot *s,
					   struct hash key)
{
	const uint32_t *bucket = &s->index[key.hi >> s->shift];
	uint64_t n = bucket[1] - bucket[0];

	return bucket[0] + (n * (key.hi << (64 - s->shift) >> 32) >> 32);
}

/* Prefetch what snapshot_find needs. Call snapshot_touch_index for each key as
 * it arrives. Then call snapshot_touch for all keys of a group in a row: it
 * prefetches the entry and its bit in seen. So the processor looks up the pages
 * of several keys at once, which takes most of the time if its TLB does not
 * cover all keys. It does not wait as long as another group is read before this
 * one is looked up. Inlined by force: gcc 12 drops a call that does nothing but
 * prefetch.
 */
enum { SNAPSHOT_GROUP = 8 };
static ALWAYS_INLINE void snapshot_touch_index(const struct snapshot *s,
					       struct hash key)
{
	if (LIKELY(s->index != NULL))
		__builtin_prefetch(&s->index[key.hi >> s->shift]);
}

static ALWAYS_INLINE void snapshot_touch(const struct snapshot *s,
					 const unsigned char *seen,
					 struct hash key)
{
	const struct snapshot_hot *at;
	const uint32_t *bucket;
	size_t i;

	if (UNLIKELY(!s->index))
		return;
	bucket = &s->index[key.hi >> s->shift];
	i = bucket[0];
	if (UNLIKELY(bucket[1] - i > SNAPSHOT_FEW) && i > 0)
		i = snapshot_about(s, key) - 1;
	at = &s->hot[i];
	__builtin_prefetch(at);
	__builtin_prefetch((const char *)at + 64);
	__builtin_prefetch(&seen[i >> 3]);
}

/* As snapshot_find, in a large bucket from first to end. */
int64_t snapshot_find_among(const struct snapshot *s, struct hash key,
			    size_t first, size_t end);

/* As snapshot_find, if the lowest file alone does not have the result. */
int64_t snapshot_find_other(const struct snapshot *s, struct hash key);

/* The entry of the key in the lowest file, by the index, or -1. */
static ALWAYS_INLINE int64_t snapshot_find_low(const struct snapshot *s,
					       struct hash key)
{
	size_t i = s->index[key.hi >> s->shift];
	size_t end = s->index[(key.hi >> s->shift) + 1];

	if (UNLIKELY(end - i > SNAPSHOT_FEW))
		return snapshot_find_among(s, key, i, end);
	for (; i < end; i++) {
		if (hash_eq(s->hot[i].key, key))
			return (int64_t)i;
	}
	return -1;
}

static inline bool snapshot_is_past(const struct snapshot *s, size_t i)
{
	return s->past[i >> 3] >> (i & 7) & 1;
}

/* The position of the key, or -1. */
static inline int64_t snapshot_find(const struct snapshot *s, struct hash key)
{
	int64_t found;

	if (UNLIKELY(!s->index))
		return s->places > 0 ? snapshot_find_other(s, key) : -1;
	found = snapshot_find_low(s, key);
	if (LIKELY(!s->past ||
		   (found >= 0 && !snapshot_is_past(s, (size_t)found))))
		return found;
	return snapshot_find_other(s, key);
}

/* The first live position from i on, or s->places. In a snapshot of one file
 * live positions are in the order of keys (see snapshot_walk).
 */
static inline size_t snapshot_live(const struct snapshot *s, size_t i)
{
	assert(s->index || s->places == 0); /* snapshot_whole */
	while (UNLIKELY(s->past != NULL) && i < s->places &&
	       snapshot_is_past(s, i))
		i++;
	return i;
}

/* The entry at a position above the lowest file. */
const struct snapshot_hot *snapshot_hot_above(const struct snapshot *s,
					      size_t i);

static inline struct hash snapshot_key(const struct snapshot *s, size_t i)
{
	return LIKELY(i < s->base) ? s->hot[i].key
				   : snapshot_hot_above(s, i)->key;
}

/* The hashes of the row of the key at a position. */
static inline struct row_hash snapshot_mark(const struct snapshot *s, size_t i)
{
	struct row_hash m = LIKELY(i < s->base)
				    ? s->hot[i].mark
				    : snapshot_hot_above(s, i)->mark;

	if (UNLIKELY(s->lineless))
		m.line = 0;
	return m;
}

uint32_t snapshot_version(const struct snapshot *s, size_t i);

/* The text of the key at a position, and the values kept of its row. */
struct slice snapshot_text(const struct snapshot *s, size_t i);
struct slice snapshot_kept(const struct snapshot *s, size_t i);

/* Walks over the keys in their order, in all files from low on, each key once:
 * returns the position of its newest entry, or -1 at the end. Above the lowest
 * file that entry may be one that removes the key. Start with all-zero except
 * low.
 */
struct snapshot_walk {
	size_t low;
	size_t at[SNAPSHOT_FILES];
};
int64_t snapshot_walk_next(const struct snapshot *s, struct snapshot_walk *w);

/* Whether the entry at a position removes its key. */
bool snapshot_is_out(const struct snapshot *s, size_t i);

#endif
