/* pending_tail.h - reads the file `pending` while a run still adds to it.
 *
 * Floor 2 (diff). The file is mapped with room to grow; pages that were read
 * are given back, so that only the last few MiB count as memory.
 */
#ifndef DIFF_STATE_PENDING_TAIL_H
#define DIFF_STATE_PENDING_TAIL_H

#include "diff/state/pending.h"

struct pending_tail {
	struct pending p; /* what was read so far */
	int fd;
	size_t mapped; /* bytes, of which p.file.map.n are there */
	size_t given_back;
};

/* Open it: 1, 0 when there is none, -1 ERR_CONFIG, ERR_IO. path is borrowed. */
int pending_tail_open(struct pending_tail *t, const char *path,
		      struct err *e) MUST_USE;

/* Read the next frame that is there by now: as pending_scan_frame. */
int pending_tail_next(struct pending_tail *t, pending_each_fn *each, void *ctx,
		      struct err *e) MUST_USE;

/* The same file was opened as *p by pending_open: if it is still the same, and
 * was read to its end, *p has been read as well. -1: it was replaced.
 */
int pending_tail_hand_over(const struct pending_tail *t,
			   struct pending *p) MUST_USE;

/* All-zero is allowed. */
void pending_tail_clear(struct pending_tail *t);

#endif
