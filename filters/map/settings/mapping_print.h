/* mapping_print.h - writes a mapping as the text of a mapping file.
 *
 * Floor 2 (map). For settings from options or a rudder-cli project: a mapping
 * read from the text makes the same events.
 */
#ifndef MAP_SETTINGS_MAPPING_PRINT_H
#define MAP_SETTINGS_MAPPING_PRINT_H

#include "map/settings/mapping.h"

/* Appends one mapping as an object, or several as an array, indented, with LF
 * at the end. ERR_CONFIG if the settings of one column come both before and
 * after those of a pattern that matches it: a file cannot express that order.
 */
int mapping_print(struct buf *b, const struct mapping_list *list,
		  struct err *e) MUST_USE;

#endif
