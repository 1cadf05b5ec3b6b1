/* path.h - where a value goes in an event: "profile.full", "ids[0].id".
 *
 * Floor 2 (map). Steps are separated by dots; [n] is a place in an array, from
 * 0; a name with a dot, bracket or quote in it stands in double quotes, as a
 * JSON string: "a.b".c. A dot in front makes it a path from the root of the
 * event.
 */
#ifndef MAP_VALUE_PATH_H
#define MAP_VALUE_PATH_H

#include "core/buf.h"
#include "core/err.h"
#include "core/slice.h"

/* Highest place in an array that a path may name. */
#define PATH_MAX_INDEX 99

/* Most steps of a path. */
#define PATH_MAX_STEPS 32

struct path_step {
	char *name; /* owned, decoded UTF-8 of n bytes; NULL: a place */
	size_t n;
	size_t index;
};

/* All-zero is the empty path. */
struct path {
	struct path_step *step; /* owned */
	size_t n;
	bool root; /* had a dot in front */
};

/* Reads the whole text: 0, or -1 with ERR_CONFIG. */
int path_parse(struct path *p, struct slice text, struct err *e) MUST_USE;

/* The way back, at the end of b. */
void path_text(struct buf *b, const struct path *p);

/* Adds a name, taken as it is. */
void path_add(struct path *p, struct slice name);

void path_clear(struct path *p);

#endif
