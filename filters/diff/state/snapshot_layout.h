/* snapshot_layout.h - where the parts of a new snapshot file start, and its
 * head.
 *
 * Floor 2 (diff). For snapshot_write.c.
 */
#ifndef DIFF_STATE_SNAPSHOT_LAYOUT_H
#define DIFF_STATE_SNAPSHOT_LAYOUT_H

#include "diff/state/snapshot_part.h"

/* Numbers the parts, whose lengths are known, and sets h->parts. at gets the
 * offset of each part; returns the end of the last part.
 */
size_t snapshot_layout_place(struct snapshot_header *h,
			     struct snapshot_part part[SNAPSHOT_PARTS],
			     size_t at[SNAPSHOT_PARTS]);

/* Writes the table of the parts, then the header. */
int snapshot_layout_head(int fd, struct snapshot_header *h,
			 const struct snapshot_part all[SNAPSHOT_PARTS],
			 struct err *e) MUST_USE;

/* Writes a whole part, and sets its checksum. */
int snapshot_layout_part(int fd, struct snapshot_part *part, struct slice bytes,
			 size_t at, struct err *e) MUST_USE;

#endif
