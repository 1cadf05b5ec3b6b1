/* connection_list.h - which connections of a rudder-cli project are meant.
 *
 * Floor 2 (map).
 */
#ifndef MAP_SETTINGS_CONNECTION_LIST_H
#define MAP_SETTINGS_CONNECTION_LIST_H

#include "core/opt.h"
#include "map/settings/connection.h"

/* The connections of these ids, in their order; without ids the only one that
 * is enabled. *v is owned by the caller. ERR_CONFIG if there is none, or
 * more than one to choose from, if one is disabled, or if they have different
 * sources.
 */
int connection_list_choose(struct connection **v, size_t *n,
			   const struct project *p, const struct opt_list *ids,
			   struct err *e) MUST_USE;

#endif
