/* spool.h - records put aside on disk in parts, and read back part by part.
 *
 * Floor 2 (diff). What does not fit into --memory goes here: one temporary
 * file without a name, so that nothing of it outlives the process, in which
 * each part is a chain of chunks. Writing and reading are sequential within a
 * chunk, so the cost of a record does not grow with their number.
 */
#ifndef DIFF_KEYS_SPOOL_H
#define DIFF_KEYS_SPOOL_H

#include "core/buf.h"
#include "core/err.h"

struct spool_part;

struct spool {
	const char *dir;
	int fd; /* -1: nothing on disk yet */
	size_t chunk, fixed;
	uint32_t chunks; /* in the file */
	struct spool_part *part;
	unsigned n;
	size_t start;        /* of the record being added */
	uint64_t hold, held; /* bytes, see spool_hold */
	char **slab;         /* of blocks, which are held */
	size_t blocks;

	const struct spool_part *reading; /* the part, or NULL */
	size_t at;     /* next chunk of it; the last one is in memory */
	struct buf in; /* read, and not yet given out from used on */
	size_t used;
};

/* Parts to be kept in a file in dir (borrowed), in about so much memory. fixed
 * is the length of every record, or 0 when they differ.
 */
void spool_init(struct spool *s, const char *dir, unsigned parts, size_t memory,
		size_t fixed);

/* Write nothing to disk as long as all records have no more bytes: for an
 * empty spool. Beside them half a KiB a part is needed.
 */
void spool_hold(struct spool *s, uint64_t bytes);

/* Whether anything is on disk. */
static inline bool spool_spilled(const struct spool *s)
{
	return s->chunks > 0;
}

/* All-zero is allowed. */
void spool_clear(struct spool *s);

/* Where to append a record of a part; spool_add ends it. ERR_IO, ERR_CREATE:
 * then the spool is of no more use.
 */
struct buf *spool_record(struct spool *s, unsigned part);
int spool_add(struct spool *s, unsigned part, struct err *e) MUST_USE;

/* Whether a part has no record. */
bool spool_empty(const struct spool *s, unsigned part);

/* Bytes of all records of a part. */
uint64_t spool_bytes(const struct spool *s, unsigned part);

/* Start to read a part, in the order in which it was written; as often as
 * wanted, but nothing may be added to it until it is read.
 */
void spool_rewind(struct spool *s, unsigned part);

/* Next record: 1, 0 at the end of the part, -1 ERR_IO. It lives until the next
 * call, and READER_PAD bytes behind it may be read.
 */
int spool_next(struct spool *s, struct slice *record, struct err *e) MUST_USE;

/* All of a part at once, whether it was rewound or not; it lives until the next
 * call. Records that differ in length stand behind their length, of 4 bytes.
 * ERR_IO.
 */
int spool_all(struct spool *s, unsigned part, struct slice *all,
	      struct err *e) MUST_USE;

#endif
