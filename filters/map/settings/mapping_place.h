/* mapping_place.h - where a setting that names a column was given, for
 * messages: the option, or the key and the line of a mapping file.
 *
 * Floor 2 (map). No places are recorded for a connection of a rudder-cli
 * project.
 */
#ifndef MAP_SETTINGS_MAPPING_PLACE_H
#define MAP_SETTINGS_MAPPING_PLACE_H

#include "core/err.h"
#include "map/settings/mapping.h"

/* What a setting uses a column for. */
enum mapping_use {
	MAPPING_USER_ID,
	MAPPING_ANONYMOUS_ID,
	MAPPING_EVENT_COLUMN,
	MAPPING_GROUP_ID,
	MAPPING_PREVIOUS_ID,
	MAPPING_TIMESTAMP,
	MAPPING_IDENTIFIERS,
	MAPPING_COLUMNS,
	MAPPING_FIELDS, /* from here on: settings for its values */
	MAPPING_NULL,
	MAPPING_DEFAULT,
	MAPPING_CAST,
	MAPPING_MASK,
};

struct mapping_place {
	enum mapping_use
		use;   /* MAPPING_FIELDS for all value settings in a file */
	char *column;  /* owned, decoded */
	unsigned line; /* line in the file; 0: an option */
};

/* Adds a place. It replaces an earlier place of the same use and name. Does
 * nothing if name is NULL.
 */
void mapping_place_add(struct mapping *m, enum mapping_use use,
		       const char *name, unsigned line);

/* Prepends the place where this column got this use to an error: "option
 * '--user-id'", "'m.yaml': line 3: 'user_id'". If no place is known, prepends
 * at most the kind of value setting. Returns -1.
 */
int mapping_place_in(const struct mapping *m, enum mapping_use use,
		     const char *name, struct err *e);

void mapping_place_clear(struct mapping *m);

#endif
