/* mapping_words.h - settings whose value is one of a few words: type, numbers,
 * deletes.
 *
 * Floor 2 (map). From the command line, or otherwise from the mapping file.
 */
#ifndef MAP_SETTINGS_MAPPING_WORDS_H
#define MAP_SETTINGS_MAPPING_WORDS_H

#include "map/settings/mapping_file.h"

/* Sets the event type, the handling of numbers, and the handling of deletes in
 * *m. ERR_USAGE if there is no type, ERR_CONFIG for an unknown word.
 */
int mapping_words_take(struct mapping *m, const struct mapping_options *o,
		       const struct mapping_file_words *w,
		       struct err *e) MUST_USE;

/* Returns 0, or -1 with ERR_CONFIG if name is not an event type. */
int mapping_words_type(const char *name, struct err *e) MUST_USE;

#endif
