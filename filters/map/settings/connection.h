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

/* The id of an entry, "" where it has none. */
const char *connection_id(const struct doc *entry);

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
