/* mapping_print.h - a mapping as the text of a mapping file.
 *
 * Floor 2 (map). For what options or a rudder-cli project say: read again, it
 * makes the same events.
 */
#ifndef MAP_SETTINGS_MAPPING_PRINT_H
#define MAP_SETTINGS_MAPPING_PRINT_H

#include "map/settings/mapping.h"

/* One mapping as an object, several as an array, laid out for people, with LF
 * at the end. ERR_CONFIG where settings of one column stand before and behind
 * those of a pattern, which no file can say.
 */
int mapping_print(struct buf *b, const struct mapping_list *list,
		  struct err *e) MUST_USE;

#endif
