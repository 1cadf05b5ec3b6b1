/* connection.h - the mapping of a connection in a rudder-cli project.
 *
 * Floor 2 (map). A connection of RudderStack's retl-connections says which
 * columns go where, as a mapping does; rudder-mapping(5) has what each key
 * becomes.
 */
#ifndef MAP_SETTINGS_CONNECTION_H
#define MAP_SETTINGS_CONNECTION_H

#include "map/settings/mapping_file.h"
#include "wire/settings/project.h"

/* An entry of spec.connections. */
struct connection {
	const struct project *project;
	const struct project_item *item;
	const struct doc *entry;
};

/* The connections of these ids, in their order; without ids the only one that
 * is enabled. *v is owned by the caller. ERR_CONFIG if there is none, or
 * more than one to choose from, if one is disabled, or if they have different
 * sources.
 */
int connection_choose(struct connection **v, size_t *n, const struct project *p,
		      const struct opt_list *ids, struct err *e) MUST_USE;

/* Its file, the line of at (NULL: the error tells it) and its id in front of
 * the error. Returns -1.
 */
int connection_err_in(const struct connection *c, const struct doc *at,
		      struct err *e);

/* Its mapping into *m, which is all-zero, and *w. ERR_CONFIG with file, line
 * and what RudderStack would refuse it for.
 */
int connection_take(struct mapping *m, const struct connection *c,
		    struct mapping_file_words *w, struct err *e) MUST_USE;

#endif
