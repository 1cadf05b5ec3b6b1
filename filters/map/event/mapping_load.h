/* mapping_load.h - loads mappings from options and a file, and checks them.
 *
 * Floor 2 (map).
 */
#ifndef MAP_EVENT_MAPPING_LOAD_H
#define MAP_EVENT_MAPPING_LOAD_H

#include "map/settings/mapping.h"

/* The mappings of the settings: those of a file that holds several, else one.
 * ERR_USAGE, ERR_INPUT (the file is not there), ERR_CONFIG. Clear it in any
 * case.
 */
int mapping_load(struct mapping_list *list, const struct mapping_options *o,
		 struct err *e) MUST_USE;

#endif
