/* journal.h - an append-only file of frames, each with its checksum.
 *
 * Floor 1 (wire). The write-ahead log for pending and receipts. If a process is
 * killed during a write, the last frame is truncated: nothing was done yet
 * because of it, so it is dropped. The same goes for a frame with blocks that
 * never reached the disk because of a power failure, which read as zero. Any
 * other checksum error is damage, and the file is refused.
 *
 * File: magic (8 bytes), format version and byte order (4 each), length of the
 * head (8), checksum of the head (8), the head, then frames: length and its
 * check (4 each), checksum (8), payload. All numbers in the byte order of the
 * machine.
 */
#ifndef WIRE_STATE_JOURNAL_H
#define WIRE_STATE_JOURNAL_H

#include <pthread.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/file_map.h"

/* Bytes in the fixed part of a file's head. */
#define JOURNAL_HEAD 32

struct journal {
	int fd;
	struct buf frame; /* the frame being filled, after its 16-byte header */
	uint64_t bytes;   /* already written, or about to be */

	struct buf leaving; /* the frame being written */
	bool durable;       /* and to be synced */
	bool unsynced;      /* a frame was written that was not synced */
	bool beside;        /* the thread is writing it */
	pthread_t thread;
	struct err failed; /* first error; it is permanent */
};

/* Creates a new journal, which replaces path as a whole, durable on return.
 * ERR_CREATE, ERR_IO.
 */
int journal_create(struct journal *j, const char *path, const char magic[8],
		   struct slice head, struct err *e) MUST_USE;

/* Continues at the end of an existing journal, of which journal_next has read
 * `valid` bytes: a truncated frame after them is dropped. ERR_IO.
 */
int journal_resume(struct journal *j, const char *path, uint64_t valid,
		   struct err *e) MUST_USE;

/* The same two for a descriptor that the caller has opened and locked; the
 * journal takes it.
 */
int journal_start(struct journal *j, int fd, const char magic[8],
		  struct slice head, struct err *e) MUST_USE;
int journal_resume_fd(struct journal *j, int fd, uint64_t valid,
		      struct err *e) MUST_USE;

/* The frame being filled: append to it. */
static inline struct buf *journal_frame(struct journal *j)
{
	return &j->frame;
}

/* Writes the frame, if it is not empty, with one write(2): then it survives the
 * death of this process. With durable, also calls fdatasync, even if the frame
 * is empty: then it and all frames before it survive a power failure. A failure
 * is permanent: ERR_IO.
 */
int journal_flush(struct journal *j, bool durable, struct err *e) MUST_USE;

/* The same with durable, in two steps: a thread writes and syncs the frame,
 * which is durable when journal_flush_end has returned 0. In between the next
 * frame may be filled, but j must stay in place. Any other write ends it first.
 * ERR_IO, as above.
 */
int journal_flush_begin(struct journal *j, struct err *e) MUST_USE;
int journal_flush_end(struct journal *j, struct err *e) MUST_USE;

/* Whether the frame has bytes to flush. */
bool journal_waiting(const struct journal *j);

void journal_close(struct journal *j);

/* A journal that is read. */
struct journal_file {
	struct file_map map;
	struct slice head;
	size_t at;  /* offset after the last whole frame */
	bool loose; /* set it if several frames may be unsynced: then not only
		     * the last one may lack blocks */
	const char *path;
};

/* Opens the file: 1; 0 if there is no such file; -1: ERR_CONFIG for a foreign,
 * newer or damaged file, ERR_IO. path is borrowed.
 */
int journal_open(struct journal_file *f, const char *path, const char magic[8],
		 struct err *e) MUST_USE;

/* The same for an open file, which the caller closes. */
int journal_open_fd(struct journal_file *f, int fd, const char *path,
		    const char magic[8], struct err *e) MUST_USE;

/* The next frame: 1 with *payload; 0 at the end, or at a truncated frame; -1
 * ERR_CONFIG if the checksum of a whole frame is wrong.
 */
int journal_next(struct journal_file *f, struct slice *payload,
		 struct err *e) MUST_USE;
void journal_forget(struct journal_file *f);

#endif
