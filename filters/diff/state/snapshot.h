/* snapshot.h - what the destination is known to hold: keys and row hashes.
 *
 * Floor 2 (diff). An immutable file, sorted by key hash, mapped for reading;
 * a new one replaces it whole. 44 bytes a key and the texts of the keys:
 *
 *   header  magic, format, byte order, count of keys, seed, generation
 *   table   number, length and checksum of each part
 *   columns the key columns, as JSON
 *   hot     per key 16 bytes key hash, 16 bytes mark of its row (row_hash.h)
 *   cold    per key 4 bytes version, 6 bytes offset of its text, 2 its length
 *   text    the text of each key (key.h) and the values kept of its row
 *           (kept_values.h), one behind the other
 *   notes   what else is known, each a part of its own (enum snapshot_note)
 *   sums    checksums of the blocks of hot, cold, text and over
 *   below   of an incremental file: the files below it
 *   over    of an incremental file: which entries its entries supersede
 *
 * Parts are aligned to 64 bytes and stand in the order of the table. A part
 * with a number that is not known is of a newer rudder-diff: refused. Older
 * formats are still read: format 3 had no blocks and was never incremental, in
 * format 2 the other half of the hash of the row stood where its line does now,
 * and format 1 had no table, no values and no notes either.
 *
 * An incremental file has only the keys that were put in or taken out since the
 * file below it was written. That one was the snapshot then, and is now called
 * rows-GENERATION; it may be incremental too. All of them together are one
 * snapshot, whose entries have places: those of the lowest file first. An entry
 * of which a higher file has the key is past, and so is one of a key that was
 * taken out (version 0). Whoever looks at all keys goes from one live place to
 * the next.
 *
 * A small snapshot is checked when it is opened. Of a large one only the blocks
 * are checked in which a key is looked for, until all of it is wanted
 * (snapshot_whole); damage is noticed by snapshot_sound, at the latest before
 * anything leaves.
 *
 * Looking up in a whole one needs one index in memory: 2 to 4 bytes a key, at
 * most 64 MiB.
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

/* Notes on the whole snapshot, as bytes. Their numbers stand in files. */
enum snapshot_note {
	SNAPSHOT_KEEP,     /* --keep that the values are of (kept_values.h) */
	SNAPSHOT_TAG,      /* --tag of the last complete run (tag.h) */
	SNAPSHOT_TAG_BASE, /* the tag that is in the hashes of rows */
	SNAPSHOT_MISSED,   /* keys that did not come (absent_runs.h) */
	SNAPSHOT_PROMISED, /* keys that have places in the next run (quota.h) */
	SNAPSHOT_HAND,     /* the last of them */
	SNAPSHOT_POSTPONED, /* how many changes wait, 8 bytes */
	SNAPSHOT_SAMPLE,    /* of the columns of some rows (sample.h) */
	SNAPSHOT_MODEL,     /* fingerprint of the last one whose deletes left */
	SNAPSHOT_CONNECTION, /* what it was delivered with (state_connection.h)
			      */
	SNAPSHOT_RESEND,     /* why all rows are to be sent again */
	SNAPSHOT_RESENT,     /* number of resends, 8 bytes (resend.h) */
	SNAPSHOT_COMPARED,   /* columns that make a change (compared.h) */
	SNAPSHOT_OWED,   /* number of the last resend that --full began, 8 bytes
			  * (resend.h)
			  */
	SNAPSHOT_BEFORE, /* number of rows before it was moved on, 8 bytes
			  * (state_connection.h)
			  */
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

/* Nothing below, in over. */
#define SNAPSHOT_NONE UINT32_MAX

struct snapshot_file;

struct snapshot {
	const struct snapshot_hot *hot; /* of the lowest file, rising by key */
	const struct snapshot_cold *cold;
	struct slice text;
	size_t base;   /* entries of the lowest file */
	size_t places; /* entries of all files */
	size_t n;      /* keys: entries that are not past */
	uint64_t seed;
	uint64_t generation; /* above every version ever used in it */
	struct slice columns;
	struct slice note[SNAPSHOT_NOTES]; /* empty: not there */

	bool plain;      /* of format 1: all text is of keys */
	bool lineless;   /* of format 1 or 2: no line is known */
	uint32_t *index; /* first of each bucket, by the top bits of the key;
			  * NULL: only parts of it were checked
			  */
	unsigned shift;  /* bucket = key.hi >> shift */
	unsigned char *past;        /* a bit for each place, if files > 1 */
	struct snapshot_file *file; /* from the lowest to the newest */
	size_t files;
	void *memory; /* or: built by snapshot_build */
};

/* A key to be put in, or taken out. */
struct snapshot_row {
	struct hash key;
	struct row_hash mark;
	const char *text, *kept; /* borrowed */
	uint32_t text_n, kept_n;
	uint32_t version;
	bool gone; /* take it out */
};

/* Map it, with the files below it, which are in the same folder. A small one is
 * checked whole. 1, 0 if there is no file, -1: ERR_CONFIG for a damaged,
 * foreign or newer file, or when a file below is not there, ERR_IO.
 */
int snapshot_open(struct snapshot *s, const char *path, struct err *e) MUST_USE;

/* Check and index all of it, once. Needed before anything but snapshot_find and
 * what is asked of a place that it gave. ERR_CONFIG.
 */
int snapshot_whole(struct snapshot *s, struct err *e) MUST_USE;

/* Whether what was looked up so far was undamaged: else nothing may follow from
 * it. ERR_CONFIG.
 */
int snapshot_sound(const struct snapshot *s, struct err *e) MUST_USE;

/* Up to this size in bytes a snapshot is small: 16 MiB, or the environment
 * variable RUDDER_SMALL_STATE, for tests.
 */
uint64_t snapshot_small(void);

/* Bytes of memory beside the mapped file. */
size_t snapshot_memory(const struct snapshot *s);

/* All-zero is allowed. */
void snapshot_clear(struct snapshot *s);

/* Sort rows by key, in O(n); of equal keys the first stays in front. */
void snapshot_order(struct snapshot_row *row, size_t n);

/* Write old with the rows put in and taken out as a new file at path, whole
 * and durable. The rows are ordered and no key is twice. old may be empty;
 * its seed, columns, notes and the given generation go into the file.
 * ERR_CREATE, ERR_IO.
 */
int snapshot_write(const struct snapshot *old, const struct snapshot_row *row,
		   size_t n, uint64_t generation, const char *path,
		   struct err *e) MUST_USE;

/* The same for rows that come in batches, because there are too many of them:
 * next gives the next batch (1; 0: no more; -1), ordered, and above all before
 * it. They are read twice, first to be counted, and rewind goes back to the
 * first. What a batch borrows lives until the next call.
 */
struct snapshot_feed {
	int (*next)(void *ctx, const struct snapshot_row **row, size_t *n,
		    struct err *e);
	void (*rewind)(void *ctx);
	void *ctx;

	/* With counted, which is for an empty old snapshot, it is known how
	 * many rows there are, and how many bytes their texts and values have:
	 * then they are read only once.
	 */
	bool counted;
	size_t n, text_n;
};
int snapshot_write_from(const struct snapshot *old,
			const struct snapshot_feed *feed, uint64_t generation,
			const char *path, struct err *e) MUST_USE;

/* The same for the next snapshot of a state, whose file is old. Where little
 * has changed in a large one, only that is written (see above): cost follows
 * the rows. The files below are left where they are; snapshot_update_tidy
 * removes those that are not used any more. With anew all of it is always
 * written, so that nothing of the old one stays.
 */
int snapshot_update(struct snapshot *old, const struct snapshot_feed *feed,
		    bool anew, uint64_t generation, const char *path,
		    struct err *e) MUST_USE;

/* The same for n ordered rows. */
int snapshot_update_rows(struct snapshot *old, const struct snapshot_row *row,
			 size_t n, bool anew, uint64_t generation,
			 const char *path, struct err *e) MUST_USE;

/* Write a snapshot that is in several files as one, the same otherwise, and
 * open that; in any case it is whole then (snapshot_whole). ERR_CREATE, ERR_IO,
 * ERR_CONFIG.
 */
int snapshot_update_merge(struct snapshot *s, const char *path,
			  struct err *e) MUST_USE;

/* Remove files of the folder that none of these n snapshots in it needs. One
 * that cannot be read may need all. ERR_IO.
 */
int snapshot_update_tidy(const char *dir, char *const *path, size_t n,
			 struct err *e) MUST_USE;

/* The generations of the files below, from the lowest; returns how many. */
size_t snapshot_below(const struct snapshot *s,
		      uint64_t generation[SNAPSHOT_FILES]);

/* The path of such a file, below a snapshot at path. */
void snapshot_lower_path(struct buf *b, const char *path, uint64_t generation);

/* A snapshot of rows that were counted, in memory. Errors as next. */
int snapshot_build(struct snapshot *s, const struct snapshot_feed *feed,
		   struct err *e) MUST_USE;

/* The same in a temporary file without a name in dir, which is mapped.
 * ERR_CREATE, ERR_IO.
 */
int snapshot_write_mapped(struct snapshot *s, const struct snapshot_feed *feed,
			  const char *dir, struct err *e) MUST_USE;

/* Entries of a bucket that are all looked at. */
enum { SNAPSHOT_FEW = 4 };

/* Where in a bucket of more the key is, if it is: hashes are spread evenly, so
 * about as far as the hash is into the bucket.
 */
static ALWAYS_INLINE size_t snapshot_about(const struct snapshot *s,
					   struct hash key)
{
	const uint32_t *bucket = &s->index[key.hi >> s->shift];
	uint64_t n = bucket[1] - bucket[0];

	return bucket[0] + (n * (key.hi << (64 - s->shift) >> 32) >> 32);
}

/* Fetch what snapshot_find will need: first the index, of each key as it comes;
 * then, of the keys of a group one right after the other, the entry, and its
 * bit of seen. So the processor looks up the pages of several keys side by
 * side, which is what takes the time where its TLB does not reach all keys; and
 * it waits for none as long as another group is read before this one is looked
 * up. Inlined by force: gcc 12 drops a call that does nothing but prefetch.
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

/* As snapshot_find, in a bucket from first to end with more than few. */
int64_t snapshot_find_among(const struct snapshot *s, struct hash key,
			    size_t first, size_t end);

/* As snapshot_find, where the lowest file alone does not say it. */
int64_t snapshot_find_other(const struct snapshot *s, struct hash key);

/* By the index: the entry of the key in the lowest file, or -1. */
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

/* Place of the key, or -1. */
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

/* The first live place from i on, or s->places. In a snapshot with one file
 * they are in the order of keys (see snapshot_walk).
 */
static inline size_t snapshot_live(const struct snapshot *s, size_t i)
{
	assert(s->index || s->places == 0); /* snapshot_whole */
	while (UNLIKELY(s->past != NULL) && i < s->places &&
	       snapshot_is_past(s, i))
		i++;
	return i;
}

/* What is at a place of a file above the lowest. */
const struct snapshot_hot *snapshot_hot_above(const struct snapshot *s,
					      size_t i);

static inline struct hash snapshot_key(const struct snapshot *s, size_t i)
{
	return LIKELY(i < s->base) ? s->hot[i].key
				   : snapshot_hot_above(s, i)->key;
}

/* What stands for the row of the key at a place. */
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

/* Text of the key at a place, and the values kept of its row. */
struct slice snapshot_text(const struct snapshot *s, size_t i);
struct slice snapshot_kept(const struct snapshot *s, size_t i);

/* The keys in their order, of all files from low on, each once, as its newest
 * entry has it: the place, or -1 at the end. In a file that is not the lowest
 * it may be one that was taken out. Start with all-zero but low.
 */
struct snapshot_walk {
	size_t low;
	size_t at[SNAPSHOT_FILES];
};
int64_t snapshot_walk_next(const struct snapshot *s, struct snapshot_walk *w);

/* Whether the entry at a place takes its key out. */
bool snapshot_is_out(const struct snapshot *s, size_t i);

#endif
