/* connection.h - the mapping of a connection in a rudder-cli project.
 *
 * Floor 2 (map). A connection in RudderStack's retl-connections maps columns to
 * members of events, as a mapping does. rudder-mapping(5) lists the setting
 * that each of its keys becomes.
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

/* The id of an entry, "" if it has none. */
const char *connection_id(const struct doc *entry);

/* Prepends to the error the connection's file, the line of at, and the
 * connection's id. at NULL: the error already has the line. Returns -1.
 */
int connection_err_in(const struct connection *c, const struct doc *at,
		      struct err *e);

/* Reads the connection's mapping into *m, which is all-zero, and *w.
 * ERR_CONFIG, with file and line, also for everything that RudderStack would
 * reject.
 */
int connection_take(struct mapping *m, const struct connection *c,
		    struct mapping_file_words *w, struct err *e) MUST_USE;

#endif
