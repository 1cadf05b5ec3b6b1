/* path.h - paths to the target of a value in an event: "profile.full",
 * "ids[0].id".
 *
 * Floor 2 (map). Steps are separated by dots; [n] is an array index, from 0. A
 * name that contains a dot, bracket or quote is written in double quotes, as a
 * JSON string: "a.b".c. A leading dot makes the path start at the root of the
 * event instead of its body (traits, properties).
 */
#ifndef MAP_VALUE_PATH_H
#define MAP_VALUE_PATH_H

#include "core/buf.h"
#include "core/err.h"
#include "core/slice.h"

/* Highest array index in a path. */
#define PATH_MAX_INDEX 99

/* Maximum number of steps in a path. */
#define PATH_MAX_STEPS 32

struct path_step {
	char *name; /* owned, decoded UTF-8 of n bytes; NULL: an array index */
	size_t n;
	size_t index;
};

/* All-zero is the empty path. */
struct path {
	struct path_step *step; /* owned */
	size_t n;
	bool root; /* starts at the root of the event: had a leading dot */
};

/* Parses the whole text into p. Returns 0, or -1 with ERR_CONFIG. */
int path_parse(struct path *p, struct slice text, struct err *e) MUST_USE;

/* Appends the path to b as text that path_parse reads. */
void path_text(struct buf *b, const struct path *p);

/* Adds a step with this name, which is not parsed. */
void path_add(struct path *p, struct slice name);

void path_clear(struct path *p);

#endif
