/* plan_targets.h - selects what a plan is for: a destination of a sync file,
 * one part of it, or a connection of a rudder-cli project.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_PLAN_TARGETS_H
#define SYNC_PLAN_TARGETS_H

#include "sync/sync_files.h"

struct plan_target {
	const struct sync_file *f; /* borrowed */
	size_t at;                 /* index of the destination */
};

struct plan_targets {
	struct plan_target *v; /* owned */
	size_t n;
};

/* The name of a target: that of the destination, which is "" if a file has only
 * one, or the id of the connection.
 */
const char *plan_targets_name(const struct plan_target *t);

/* Finds the targets with this name, at least one: with partitions all parts of
 * a destination. name NULL: all targets. path is for the message. ERR_USAGE.
 * The list must be cleared in any case.
 */
int plan_targets_find(struct plan_targets *t, const struct sync_files *all,
		      const char *path, const char *name,
		      struct err *e) MUST_USE;

/* All-zero is allowed. */
void plan_targets_clear(struct plan_targets *t);

#endif
