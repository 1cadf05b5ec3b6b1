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
 *
 * Parts are aligned to 64 bytes and stand in the order of the table. A part
 * with a number that is not known is of a newer rudder-diff: refused. Older
 * formats are still read: in format 2 the other half of the hash of the row
 * stood where its line does now, and format 1 had no table, no values and no
 * notes either.
 *
 * Looking up needs one index in memory: 2 to 4 bytes a key, at most 64 MiB.
 */
#ifndef DIFF_STATE_SNAPSHOT_H
#define DIFF_STATE_SNAPSHOT_H

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
	SNAPSHOT_NOTES
};

struct snapshot {
	const struct snapshot_hot *hot; /* n, rising by key */
	const struct snapshot_cold *cold;
	struct slice text;
	size_t n;
	uint64_t seed;
	uint64_t generation; /* above every version ever used in it */
	struct slice columns;
	struct slice note[SNAPSHOT_NOTES]; /* empty: not there */

	bool plain;      /* of format 1: all text is of keys */
	bool lineless;   /* of format 1 or 2: no line is known */
	uint32_t *index; /* first of each bucket, by the top bits of the key */
	unsigned shift;  /* bucket = key.hi >> shift */
	struct file_map map;
	void *memory; /* or: built by snapshot_sort */
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

/* Map and check all of it. 1, 0 when there is none, -1: ERR_CONFIG for a
 * damaged, foreign or newer file, ERR_IO.
 */
int snapshot_open(struct snapshot *s, const char *path, struct err *e) MUST_USE;

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
	if (s->n > 0)
		__builtin_prefetch(&s->index[key.hi >> s->shift]);
}

static ALWAYS_INLINE void snapshot_touch(const struct snapshot *s,
					 const unsigned char *seen,
					 struct hash key)
{
	const struct snapshot_hot *at;
	const uint32_t *bucket;
	size_t i;

	if (s->n == 0)
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

/* Position of the key, or -1. */
static inline int64_t snapshot_find(const struct snapshot *s, struct hash key)
{
	size_t i, end;

	if (s->n == 0)
		return -1;
	i = s->index[key.hi >> s->shift];
	end = s->index[(key.hi >> s->shift) + 1];
	if (UNLIKELY(end - i > SNAPSHOT_FEW))
		return snapshot_find_among(s, key, i, end);
	for (; i < end; i++) {
		if (hash_eq(s->hot[i].key, key))
			return (int64_t)i;
	}
	return -1;
}

/* What stands for the row of the key at position i. */
static inline struct row_hash snapshot_mark(const struct snapshot *s, size_t i)
{
	struct row_hash m = s->hot[i].mark;

	if (UNLIKELY(s->lineless))
		m.line = 0;
	return m;
}

/* Text of the key at position i, and the values kept of its row. */
struct slice snapshot_text(const struct snapshot *s, size_t i);
struct slice snapshot_kept(const struct snapshot *s, size_t i);

#endif
