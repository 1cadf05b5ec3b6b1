/* spool.h - records put aside on disk in parts, and read back part by part.
 *
 * Floor 2 (diff). For records that do not fit into --memory: one unnamed
 * temporary file, so that nothing of it outlives the process. Each part is a
 * chain of chunks in the file. Reading and writing are sequential within a
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
	char **slab;         /* memory for the blocks in memory */
	size_t blocks;

	const struct spool_part *reading; /* the part being read, or NULL */
	size_t at;     /* its next chunk; the last one is in memory */
	struct buf in; /* bytes read; not returned from used on */
	size_t used;
};

/* Prepares n parts for a file in dir (borrowed), with buffers of about this
 * much memory. fixed is the length of every record, or 0 if they differ.
 */
void spool_init(struct spool *s, const char *dir, unsigned parts, size_t memory,
		size_t fixed);

/* For an empty spool: keeps records in memory as long as they have at most this
 * many bytes in total. Needs half a KiB for each part besides.
 */
void spool_hold(struct spool *s, uint64_t bytes);

/* Whether any record is on disk. */
static inline bool spool_spilled(const struct spool *s)
{
	return s->chunks > 0;
}

/* All-zero is allowed. */
void spool_clear(struct spool *s);

/* The buffer to append a record of a part to; spool_add ends the record.
 * ERR_IO, ERR_CREATE: then the spool is unusable.
 */
struct buf *spool_record(struct spool *s, unsigned part);
int spool_add(struct spool *s, unsigned part, struct err *e) MUST_USE;

/* Whether a part has no record. */
bool spool_empty(const struct spool *s, unsigned part);

/* Bytes of all records of a part. */
uint64_t spool_bytes(const struct spool *s, unsigned part);

/* Starts to read a part, in the order of writing. May be repeated; nothing may
 * be added to the part until it is read.
 */
void spool_rewind(struct spool *s, unsigned part);

/* The next record: 1, 0 at the end of the part, -1 ERR_IO. It is valid until
 * the next call, and READER_PAD bytes after it may be read.
 */
int spool_next(struct spool *s, struct slice *record, struct err *e) MUST_USE;

/* All of a part at once, no matter how far it was read; valid until the next
 * call. If records differ in length, each comes after its length (4 bytes).
 * ERR_IO.
 */
int spool_all(struct spool *s, unsigned part, struct slice *all,
	      struct err *e) MUST_USE;

#endif
