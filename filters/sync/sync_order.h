/* sync_order.h - selects sync files by pattern, and orders them by `after`.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SYNC_ORDER_H
#define SYNC_SYNC_ORDER_H

#include "core/opt.h"
#include "sync/sync_files.h"

/* Returns the files that the patterns select (all without a pattern), each
 * after those that its `after` names. A pattern of fnmatch(3) matches names or,
 * after tag:, tags. The caller frees *v. ERR_USAGE if nothing is selected,
 * ERR_CONFIG if `after` has a cycle.
 */
int sync_order(const struct sync_file ***v, size_t *n,
	       const struct sync_files *all, const struct opt_list *select,
	       struct err *e) MUST_USE;

/* Whether the patterns select this file. */
bool sync_order_selects(const struct opt_list *select,
			const struct sync_file *f);

/* Warns of each name in `after` that no file has, and suggests the nearest. all
 * must contain every sync file.
 */
void sync_order_warn(const struct sync_files *all);

/* Whether f names first in its `after`. */
bool sync_order_after(const struct sync_file *f, const struct sync_file *first);

#endif
