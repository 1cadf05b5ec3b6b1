/* mapping_hints.h - warns of settings that are valid but probably a mistake.
 *
 * Floor 2 (map).
 */
#ifndef MAP_SETTINGS_MAPPING_HINTS_H
#define MAP_SETTINGS_MAPPING_HINTS_H

#include "map/settings/mapping.h"

/* Warns of relative targets that start with the name of their body or
 * "context", as if they were absolute, or begin with ">".
 */
void mapping_hints(const struct mapping *m);

/* Warns of a condition that assigns (=) instead of comparing (==). The
 * condition must compile.
 */
void mapping_hints_condition(const struct mapping *m);

#endif
