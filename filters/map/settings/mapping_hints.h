/* mapping_hints.h - warns of settings that are most likely a slip.
 *
 * Floor 2 (map). They are valid, and do what they say.
 */
#ifndef MAP_SETTINGS_MAPPING_HINTS_H
#define MAP_SETTINGS_MAPPING_HINTS_H

#include "map/settings/mapping.h"

/* Targets that name the body they are in, or begin with ">". */
void mapping_hints(const struct mapping *m);

/* A condition that assigns instead of comparing; for one that compiles. */
void mapping_hints_condition(const struct mapping *m);

#endif
