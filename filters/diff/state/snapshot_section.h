/* snapshot_section.h - one part of a snapshot's file as it is written.
 *
 * Floor 2 (diff). Parts are written side by side, each buffered, at its own
 * place, and summed up by blocks. A thread does that beside the caller, who
 * makes the next rows: nobody else works at the end of a commit, and both take
 * about as long. For snapshot_write.c.
 */
#ifndef DIFF_STATE_SNAPSHOT_SECTION_H
#define DIFF_STATE_SNAPSHOT_SECTION_H

#include <pthread.h>
#include <sys/types.h>

#include "core/buf.h"
#include "core/err.h"

enum { SNAPSHOT_SECTION_BUFFER = 256 * 1024 };

/* Whole blocks on their way to the file, of one section. */
struct snapshot_section_thread {
	int fd;
	bool on, failed_to_start;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t turn; /* busy or ending has changed */
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
	struct buf sums; /* 8 bytes for each block that was written */
};

/* For the sections of a file. It starts when the first of them is full. */
void snapshot_section_begin(struct snapshot_section_thread *t, int fd);

/* All is written, and the sums are complete, or -1: ERR_IO. As often as wanted.
 */
int snapshot_section_done(struct snapshot_section_thread *t,
			  struct err *e) MUST_USE;

/* It begins at that place of the file. */
void snapshot_section_init(struct snapshot_section *c,
			   struct snapshot_section_thread *t, size_t at);
void snapshot_section_clear(struct snapshot_section *c);

/* All of n bytes to their place in the file. ERR_IO. */
int snapshot_section_put(int fd, const char *p, size_t n, off_t at,
			 struct err *e) MUST_USE;

/* The file cannot be written: -1. */
int snapshot_section_failed(int fd, struct err *e);

/* Write what is full. ERR_IO. */
int snapshot_section_flush(struct snapshot_section *c, struct err *e) MUST_USE;

/* ERR_IO. */
static ALWAYS_INLINE MUST_USE int snapshot_section_add(
	struct snapshot_section *c, const void *p, size_t n, struct err *e)
{
	buf_add(&c->b, p, n);
	return LIKELY(c->b.n < SNAPSHOT_SECTION_BUFFER)
		       ? 0
		       : snapshot_section_flush(c, e);
}

/* Write the rest; snapshot_section_done follows. ERR_IO. */
int snapshot_section_end(struct snapshot_section *c, struct err *e) MUST_USE;

#endif
