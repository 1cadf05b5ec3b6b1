/* sync_order.h - which sync files are meant, and which comes first.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SYNC_ORDER_H
#define SYNC_SYNC_ORDER_H

#include "core/opt.h"
#include "sync/sync_files.h"

/* The files that the patterns select, all without one, each behind those that
 * its `after` names. A pattern is of fnmatch(3), for names, or for tags with
 * tag: in front. *v is the caller's to free. ERR_USAGE where nothing is
 * selected, ERR_CONFIG where `after` goes in a circle.
 */
int sync_order(const struct sync_file ***v, size_t *n,
	       const struct sync_files *all, const struct opt_list *select,
	       struct err *e) MUST_USE;

/* Whether the patterns select that one. */
bool sync_order_selects(const struct opt_list *select,
			const struct sync_file *f);

/* Warns of each name in `after` that no file has, with the nearest one. all are
 * all sync files that there are.
 */
void sync_order_warn(const struct sync_files *all);

/* Whether one names the other in its `after`. */
bool sync_order_after(const struct sync_file *f, const struct sync_file *first);

#endif
