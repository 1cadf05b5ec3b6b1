/* mapping_place.h - which setting names a column, for messages: an option, or a
 * key of a mapping file and its line.
 *
 * Floor 2 (map). A connection of a rudder-cli project has no places.
 */
#ifndef MAP_SETTINGS_MAPPING_PLACE_H
#define MAP_SETTINGS_MAPPING_PLACE_H

#include "core/err.h"
#include "map/settings/mapping.h"

/* What a column is named for. */
enum mapping_use {
	MAPPING_USER_ID,
	MAPPING_ANONYMOUS_ID,
	MAPPING_EVENT_COLUMN,
	MAPPING_GROUP_ID,
	MAPPING_PREVIOUS_ID,
	MAPPING_TIMESTAMP,
	MAPPING_IDENTIFIERS,
	MAPPING_COLUMNS,
	MAPPING_FIELDS, /* from here on: what is done to its values */
	MAPPING_NULL,
	MAPPING_DEFAULT,
	MAPPING_CAST,
	MAPPING_MASK,
};

struct mapping_place {
	enum mapping_use use; /* of a file MAPPING_FIELDS for all of those */
	char *column;         /* owned, decoded */
	unsigned line;        /* of the file; 0: an option */
};

/* Adds a place; a later one counts. name may be NULL: none is added. */
void mapping_place_add(struct mapping *m, enum mapping_use use,
		       const char *name, unsigned line);

/* Puts the place of that column, or what is done to its values, in front of an
 * error: "option '--user-id'", "'m.yaml': line 3: 'user_id'"; nothing,
 * or only what is done, where no place is known. Returns -1.
 */
int mapping_place_in(const struct mapping *m, enum mapping_use use,
		     const char *name, struct err *e);

void mapping_place_clear(struct mapping *m);

#endif
