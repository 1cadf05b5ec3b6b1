/* connection_list.h - selects connections of a rudder-cli project by id.
 *
 * Floor 2 (map).
 */
#ifndef MAP_SETTINGS_CONNECTION_LIST_H
#define MAP_SETTINGS_CONNECTION_LIST_H

#include "core/opt.h"
#include "map/settings/connection.h"

/* Returns the connections with these ids, in their order; without ids the only
 * enabled connection. The caller frees *v. ERR_CONFIG if an id is unknown, if
 * there is more than one to choose from, if one is disabled, or if they have
 * different sources.
 */
int connection_list_choose(struct connection **v, size_t *n,
			   const struct project *p, const struct opt_list *ids,
			   struct err *e) MUST_USE;

#endif
