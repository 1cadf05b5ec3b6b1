/* mapping_load.h - loads mappings from options and a file, and checks them.
 *
 * Floor 2 (map).
 */
#ifndef MAP_EVENT_MAPPING_LOAD_H
#define MAP_EVENT_MAPPING_LOAD_H

#include "map/settings/mapping.h"

/* Loads the mappings of the options and their file: one, or as many as the file
 * contains. ERR_USAGE, ERR_INPUT (no such file), ERR_CONFIG. The list must be
 * cleared in any case.
 */
int mapping_load(struct mapping_list *list, const struct mapping_options *o,
		 struct err *e) MUST_USE;

#endif
