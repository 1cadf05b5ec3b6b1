/* journal.h - an append-only file of frames, each with its checksum.
 *
 * Floor 1 (wire). The write-ahead log under pending and receipts. A process
 * killed in the middle of a write leaves a last frame that is cut: what it
 * held had not been acted on, so it is dropped. So is one that a power cut has
 * left with blocks that never reached the disk, which read as zero. Anything
 * else that does not fit its checksum is damage and refused.
 *
 * File: magic (8 bytes), format version and byte order (4 each), length of
 * the head (8), checksum of the head (8), the head, then frames: length and its
 * check (4 each), checksum (8), payload. All numbers in the byte order of the
 * machine.
 */
#ifndef WIRE_STATE_JOURNAL_H
#define WIRE_STATE_JOURNAL_H

#include <pthread.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/file_map.h"

/* Bytes of the fixed part of a file's head. */
#define JOURNAL_HEAD 32

struct journal {
	int fd;
	struct buf frame; /* the frame being filled, after its 16-byte header */
	uint64_t bytes;   /* written so far, and about to be */

	struct buf leaving; /* the frame being written */
	bool durable;       /* and synced */
	bool unsynced;      /* a frame was written that was not synced */
	bool beside;        /* by the thread */
	pthread_t thread;
	struct err failed; /* what went wrong, for ever after */
};

/* Start a new journal, replacing path whole, durable when it returns.
 * ERR_CREATE, ERR_IO.
 */
int journal_create(struct journal *j, const char *path, const char magic[8],
		   struct slice head, struct err *e) MUST_USE;

/* Go on at the end of an existing one, of which valid bytes were read by
 * journal_next: a cut frame behind is dropped. ERR_IO.
 */
int journal_resume(struct journal *j, const char *path, uint64_t valid,
		   struct err *e) MUST_USE;

/* The same two for a descriptor that the caller has opened and locked, which
 * the journal takes.
 */
int journal_start(struct journal *j, int fd, const char magic[8],
		  struct slice head, struct err *e) MUST_USE;
int journal_resume_fd(struct journal *j, int fd, uint64_t valid,
		      struct err *e) MUST_USE;

/* Bytes into the frame being filled. */
static inline struct buf *journal_frame(struct journal *j)
{
	return &j->frame;
}

/* Write the frame, if it holds anything, by one write(2): from then on it
 * survives the death of this process. With durable, also fdatasync: then it and
 * all frames before it survive a power cut, also where only those before were
 * left to sync. A failure is final: ERR_IO.
 */
int journal_flush(struct journal *j, bool durable, struct err *e) MUST_USE;

/* The same, durable, in two steps: a thread beside the caller's writes and
 * syncs the frame, which is durable once end has returned 0. In between the
 * next one may be filled, but j must stay where it is. Whatever writes next
 * ends it first. ERR_IO, as above.
 */
int journal_flush_begin(struct journal *j, struct err *e) MUST_USE;
int journal_flush_end(struct journal *j, struct err *e) MUST_USE;

/* Whether a frame waits to be flushed. */
bool journal_waiting(const struct journal *j);

void journal_close(struct journal *j);

/* Reading. */
struct journal_file {
	struct file_map map;
	struct slice head;
	size_t at;  /* offset behind the last whole frame */
	bool loose; /* set it if several frames may be there that were never
		     * synced: not only the last one may lack blocks */
	const char *path;
};

/* 1 opened, 0 no such file, -1: ERR_CONFIG for a foreign, newer or damaged
 * file, ERR_IO. path is borrowed.
 */
int journal_open(struct journal_file *f, const char *path, const char magic[8],
		 struct err *e) MUST_USE;

/* The same for a file that is open, which stays the caller's to close. */
int journal_open_fd(struct journal_file *f, int fd, const char *path,
		    const char magic[8], struct err *e) MUST_USE;

/* Next frame: 1 with *payload, 0 at the end (a cut frame included), -1
 * ERR_CONFIG where a whole frame does not fit its checksum.
 */
int journal_next(struct journal_file *f, struct slice *payload,
		 struct err *e) MUST_USE;
void journal_forget(struct journal_file *f);

#endif
