/* mapping_file.h - the settings of a mapping file.
 *
 * Floor 2 (map). See rudder-mapping(5).
 */
#ifndef MAP_SETTINGS_MAPPING_FILE_H
#define MAP_SETTINGS_MAPPING_FILE_H

#include "map/settings/mapping.h"
#include "wire/settings/doc.h"

/* Texts of a mapping file that are parsed only after all settings are read. All
 * owned.
 */
struct mapping_file_words {
	char *type, *jq_numbers, *numbers, *null, *mask_key_file, *deletes;
};

/* Reads the object d into *m, which is all-zero, and *w. ERR_CONFIG with the
 * line.
 */
int mapping_file_take(struct mapping *m, const struct doc *d,
		      struct mapping_file_words *w, struct err *e) MUST_USE;

void mapping_file_clear(struct mapping_file_words *w);

#endif
