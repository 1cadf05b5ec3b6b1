/* plan_targets.h - what plans are made of: a destination of a sync file, one
 * part of it, or a connection of a rudder-cli project.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_PLAN_TARGETS_H
#define SYNC_PLAN_TARGETS_H

#include "sync/sync_files.h"

struct plan_target {
	const struct sync_file *f; /* borrowed */
	size_t at;                 /* the destination */
};

struct plan_targets {
	struct plan_target *v; /* owned */
	size_t n;
};

/* Its name: of the destination, which is "" where a file has one, or the id of
 * the connection.
 */
const char *plan_targets_name(const struct plan_target *t);

/* Those of that name, at least one: with partitions all parts of a destination.
 * NULL: all of them. path is for the message. ERR_USAGE. Clear it in any case.
 */
int plan_targets_find(struct plan_targets *t, const struct sync_files *all,
		      const char *path, const char *name,
		      struct err *e) MUST_USE;

/* All-zero is allowed. */
void plan_targets_clear(struct plan_targets *t);

#endif
