/* snapshot_part.h - how the file of a snapshot is laid out: format 4.
 *
 *     header    magic, version, n entries, seed, generation, checksum
 *     table     one struct snapshot_part for each part below
 *     COLUMNS   the key columns
 *     HOT       n x 32 bytes: hash of the key, row hashes; sorted
 *     COLD      n x 12 bytes: version, where the text of the key is
 *     TEXT      n texts: the key, and the kept values of its row
 *     OVER      n positions: the entry below that this one replaces
 *     NOTE ...  tag, connection, sample, turns and the like
 *     BELOW     names and checksums of the files below
 *     SUMS      8 bytes for each block of 16 KiB of HOT, COLD, TEXT and OVER
 *
 * A key is looked up in HOT of the newest file, then downwards:
 *
 *     snapshot   [  b2      e1 ]           b and e moved in the last commit
 *     rows-7     [ a2    d0    ]           0: deleted
 *     rows-3     [ a1 b1 c1 d1 f1 ]        the lowest, with an index
 *     the state    a2 b2 c1    e1 f1
 *
 * Floor 2 (diff). For snapshot.c, snapshot_open.c, which reads it,
 * snapshot_write.c and snapshot_update.c.
 */
#ifndef DIFF_STATE_SNAPSHOT_PART_H
#define DIFF_STATE_SNAPSHOT_PART_H

#include "core/file_map.h"
#include "diff/state/snapshot.h"

enum {
	SNAPSHOT_VERSION = 4,
	SNAPSHOT_ORDER = 0x01020304,
	SNAPSHOT_ALIGN = 64,
	SNAPSHOT_BLOCK = 16 * 1024, /* bytes under one checksum */
};

struct snapshot_header {
	char magic[8];
	uint32_t version, order;
	uint64_t n;
	uint64_t seed, generation;
	uint64_t parts, parts_sum; /* entries of the table */
	uint64_t sum;              /* of all before */
};

/* Numbers of the parts in files. Notes are numbered from SNAPSHOT_NOTE on. */
enum {
	SNAPSHOT_COLUMNS,
	SNAPSHOT_HOT,
	SNAPSHOT_COLD,
	SNAPSHOT_TEXT,
	SNAPSHOT_NOTE,
	SNAPSHOT_SUMS = 64,
	SNAPSHOT_BELOW,
	SNAPSHOT_OVER,
	SNAPSHOT_PARTS
};

_Static_assert(SNAPSHOT_NOTE + SNAPSHOT_NOTES <= SNAPSHOT_SUMS, "room");

/* An entry of the table. From format 4 on the sum of a part with blocks is 0.
 */
struct snapshot_part {
	uint32_t number, reserved;
	uint64_t n; /* bytes */
	uint64_t sum;
};

/* The part `below`: the number of keys of the whole snapshot, then each file
 * below, the lowest first.
 */
struct snapshot_keys {
	uint64_t keys, reserved;
};

struct snapshot_lower {
	uint64_t generation, n; /* entries */
	uint64_t sum;           /* of its header, which covers the whole file */
};

/* The parts with a checksum for each block, in the order of their sums. */
enum { SNAPSHOT_BLOCKED = 4 };

static const unsigned snapshot_blocked[SNAPSHOT_BLOCKED] = {
	SNAPSHOT_HOT, SNAPSHOT_COLD, SNAPSHOT_TEXT, SNAPSHOT_OVER};

/* The blocks of one part of a file. */
struct snapshot_blocks {
	struct slice part;
	const char *sum;        /* 8 bytes each */
	unsigned char *checked; /* a bit for each block */
};

struct snapshot_file {
	const struct snapshot_hot *hot;
	const struct snapshot_cold *cold;
	const uint32_t *over; /* NULL in the lowest */
	struct slice text;
	size_t n, first; /* entries, and the position of the first */
	uint64_t keys;   /* of this file and all below */
	uint64_t seed, generation, sum;
	struct slice columns, note[SNAPSHOT_NOTES], below;
	unsigned version;
	bool plain;
	bool checked;      /* all blocks were */
	const char *wrong; /* how it is damaged, or NULL */
	char *path;
	struct snapshot_blocks blocks[SNAPSHOT_BLOCKED];
	struct file_map map;
};

#define SNAPSHOT_MAGIC "RudSnap"

/* As snapshot_open for a temporary file, which stays the caller's to close. */
int snapshot_open_fd(struct snapshot *s, int fd, struct err *e) MUST_USE;

/* As snapshot_open, without the files below. */
int snapshot_open_file(struct snapshot_file *f, const char *path,
		       struct err *e) MUST_USE;
void snapshot_file_clear(struct snapshot_file *f);

/* Checks all of a file, once. If s is given, the file is its lowest one, and
 * the index of s is filled. ERR_CONFIG.
 */
int snapshot_file_check(struct snapshot_file *f, struct snapshot *index,
			struct err *e) MUST_USE;

/* Whether all blocks that hold these bytes of a part are undamaged; otherwise
 * sets f->wrong. part is an index of snapshot_blocked.
 */
bool snapshot_file_has(struct snapshot_file *f, size_t part, size_t from,
		       size_t to);

/* The position of the newest entry of the key in the lowest `files` files, even
 * if that entry removes the key; or -1.
 */
int64_t snapshot_newest(const struct snapshot *s, struct hash key,
			size_t files);

int snapshot_file_damaged(const char *path, const char *where,
			  struct err *e) MUST_USE;

/* The files of the old snapshot that stay below a new incremental file. */
struct snapshot_stack {
	const struct snapshot *old;
	size_t files;
};

/* As snapshot_write_from, but writes only the rows, over the files that stay
 * below. Rows that remove a missing key are left out.
 */
int snapshot_write_over(const struct snapshot_stack *below,
			const struct snapshot_feed *feed, uint64_t generation,
			const char *path, struct err *e) MUST_USE;

/* Merges the rows of a feed with the files of a snapshot from low on, as one
 * feed: for each key the newest entry, even if it removes the key. A batch is
 * borrowed until the next call.
 */
struct snapshot_fold {
	const struct snapshot *s;
	const struct snapshot_feed *from;
	struct snapshot_walk start, walk;
	int64_t place;                  /* current one, or -1 */
	const struct snapshot_row *row; /* current batch of from */
	size_t n, at;                   /* its rows, and those taken */
	bool ended;
	struct snapshot_row *out;
	struct snapshot_feed feed; /* the merged feed */
};
void snapshot_fold_init(struct snapshot_fold *f, const struct snapshot *s,
			size_t low, const struct snapshot_feed *from);
void snapshot_fold_clear(struct snapshot_fold *f);

/* A feed of all rows as one batch; it borrows the batch. */
struct snapshot_fold_batch {
	const struct snapshot_row *row;
	size_t n;
	bool given;
};
struct snapshot_feed snapshot_fold_batch_feed(struct snapshot_fold_batch *b);

/* The checksum of bytes, the same in all formats. */
static inline uint64_t snapshot_sum(const void *p, size_t n)
{
	return hash_bytes(p, n, 1).lo;
}

static inline size_t snapshot_align(size_t n)
{
	return (n + SNAPSHOT_ALIGN - 1) / SNAPSHOT_ALIGN * SNAPSHOT_ALIGN;
}

/* How many blocks a part of n bytes has. */
static inline size_t snapshot_n_blocks(size_t n)
{
	return n / SNAPSHOT_BLOCK + (n % SNAPSHOT_BLOCK > 0);
}

static inline uint64_t snapshot_text_at(const struct snapshot_file *f, size_t i)
{
	if (i == f->n)
		return f->text.n;
	return (uint64_t)f->cold[i].text_high << 32 | f->cold[i].text_low;
}

static inline size_t snapshot_key_text_n(const struct snapshot_file *f,
					 size_t i)
{
	if (UNLIKELY(f->plain))
		return snapshot_text_at(f, i + 1) - snapshot_text_at(f, i);
	return (size_t)f->cold[i].text_last + 1;
}

/* For an index of n keys: the shift from a key hash to its bucket, and the
 * number of buckets.
 */
unsigned snapshot_file_shift(size_t n);
size_t snapshot_file_buckets(unsigned shift);

/* An entry of cold; text_n is at least 1. */
static inline struct snapshot_cold snapshot_cold_of(uint32_t version,
						    uint64_t at, size_t text_n)
{
	return (struct snapshot_cold){
		.version = version,
		.text_low = (uint32_t)at,
		.text_high = (uint16_t)(at >> 32),
		.text_last = (uint16_t)(text_n - 1),
	};
}

#endif
