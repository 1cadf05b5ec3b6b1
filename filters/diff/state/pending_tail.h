/* pending_tail.h - reads the file `pending` while a run still adds to it.
 *
 * Floor 2 (diff). The file is mapped with room to grow. Pages that were read
 * are released, so that only the last few MiB count as memory.
 */
#ifndef DIFF_STATE_PENDING_TAIL_H
#define DIFF_STATE_PENDING_TAIL_H

#include "diff/state/pending.h"

struct pending_tail {
	struct pending p; /* with the intents that were read so far */
	int fd;
	size_t mapped; /* bytes; p.file.map.n of them are in the file */
	size_t given_back;
};

/* Opens the file: 1; 0 if the file does not exist; -1 ERR_CONFIG, ERR_IO. path
 * is borrowed.
 */
int pending_tail_open(struct pending_tail *t, const char *path,
		      struct err *e) MUST_USE;

/* Reads the next frame that is in the file by now. Returns as
 * pending_scan_frame.
 */
int pending_tail_next(struct pending_tail *t, pending_each_fn *each, void *ctx,
		      struct err *e) MUST_USE;

/* Marks *p, the same file as pending_open opened it, as read too, without
 * reading it again. It must have been read to its end here. -1: the file was
 * replaced.
 */
int pending_tail_hand_over(const struct pending_tail *t,
			   struct pending *p) MUST_USE;

/* All-zero is allowed. */
void pending_tail_clear(struct pending_tail *t);

#endif
