/* snapshot_section.h - one part of a snapshot's file as it is written.
 *
 * Floor 2 (diff). Several parts are written at the same time, each buffered and
 * at its own offset, with a checksum for each block. A thread writes and sums
 * while the caller makes the next rows: both take about as long, and nothing
 * else runs at the end of a commit. For snapshot_write.c.
 */
#ifndef DIFF_STATE_SNAPSHOT_SECTION_H
#define DIFF_STATE_SNAPSHOT_SECTION_H

#include <pthread.h>
#include <sys/types.h>

#include "core/buf.h"
#include "core/err.h"

enum { SNAPSHOT_SECTION_BUFFER = 256 * 1024 };

/* The thread, and the blocks of one section that it is writing. */
struct snapshot_section_thread {
	int fd;
	bool on, failed_to_start;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t turn; /* signals a change of busy or ending */
	bool busy, ending;
	struct buf b;
	size_t n;
	off_t at;
	struct buf *sums;
	struct err failed;
};

struct snapshot_section {
	struct snapshot_section_thread *thread;
	off_t at;
	struct buf b;
	struct buf sums; /* 8 bytes for each written block */
};

/* Prepares the thread for the sections of a file. It is started when the first
 * section is full.
 */
void snapshot_section_begin(struct snapshot_section_thread *t, int fd);

/* Waits until everything is written and the sums are complete, or -1: ERR_IO.
 * May be called repeatedly.
 */
int snapshot_section_done(struct snapshot_section_thread *t,
			  struct err *e) MUST_USE;

/* Starts a section at that offset of the file. */
void snapshot_section_init(struct snapshot_section *c,
			   struct snapshot_section_thread *t, size_t at);
void snapshot_section_clear(struct snapshot_section *c);

/* Writes all n bytes at that offset. ERR_IO. */
int snapshot_section_put(int fd, const char *p, size_t n, off_t at,
			 struct err *e) MUST_USE;

/* Sets *e to the error of a failed write: -1. */
int snapshot_section_failed(int fd, struct err *e);

/* Writes the full blocks. ERR_IO. */
int snapshot_section_flush(struct snapshot_section *c, struct err *e) MUST_USE;

/* Adds bytes to the section. ERR_IO. */
static ALWAYS_INLINE MUST_USE int snapshot_section_add(
	struct snapshot_section *c, const void *p, size_t n, struct err *e)
{
	buf_add(&c->b, p, n);
	return LIKELY(c->b.n < SNAPSHOT_SECTION_BUFFER)
		       ? 0
		       : snapshot_section_flush(c, e);
}

/* Writes the rest. Call snapshot_section_done afterwards. ERR_IO. */
int snapshot_section_end(struct snapshot_section *c, struct err *e) MUST_USE;

#endif
