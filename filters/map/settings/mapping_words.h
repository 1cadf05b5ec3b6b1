/* mapping_words.h - settings that are one word of a few: type, numbers,
 * deletes.
 *
 * Floor 2 (map). Of the command line, or else of the mapping file.
 */
#ifndef MAP_SETTINGS_MAPPING_WORDS_H
#define MAP_SETTINGS_MAPPING_WORDS_H

#include "map/settings/mapping_file.h"

/* Into *m: the event type, what happens to numbers, and to deletes. ERR_USAGE
 * where there is no type, ERR_CONFIG for an unknown word.
 */
int mapping_words_take(struct mapping *m, const struct mapping_options *o,
		       const struct mapping_file_words *w,
		       struct err *e) MUST_USE;

/* 0, or ERR_CONFIG where that is not the name of an event type. */
int mapping_words_type(const char *name, struct err *e) MUST_USE;

#endif
