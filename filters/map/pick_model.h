/* pick_model.h - the columns that a mapping selects, while a user changes them.
 *
 * Floor 2 (map). Starts from the settings, and is turned back into settings.
 */
#ifndef MAP_PICK_MODEL_H
#define MAP_PICK_MODEL_H

#include "map/map.h"
#include "wire/stream/input.h"

struct pick_model_column {
	char *name;     /* owned */
	char *sample;   /* owned: start of its JSON in the first row, or "" */
	char *target;   /* owned, or NULL: its own name */
	const char *id; /* its other use ("user id"), or NULL */
	bool on;
};

/* All-zero but for o at first. */
struct pick_model {
	const struct map_options *o;
	struct pick_model_column *column; /* owned */
	size_t n;
	char *user_id; /* owned, or NULL: not chosen yet */
};

/* Reads the columns from the first row that is not a delete, otherwise from the
 * begin line. ERR_DATA without either, ERR_IO.
 */
int pick_model_read(struct pick_model *p, struct input *in,
		    struct err *e) MUST_USE;

/* Sets which columns are selected, and their targets, from the settings. If
 * these have no user id, it remains to be chosen. Errors of mapping_load, and
 * ERR_USAGE for several mappings and for a jq program.
 */
int pick_model_load(struct pick_model *p, struct err *e) MUST_USE;

/* Checks whether the choice is a valid mapping: the errors of mapping_load.
 * Appends its file to text and its list of columns to options, unless NULL.
 */
int pick_model_try(const struct pick_model *p, struct buf *text,
		   struct buf *options, struct err *e) MUST_USE;

/* Makes this column, and no other, the user id. */
void pick_model_set_user(struct pick_model *p, struct pick_model_column *user);

/* Selects the column and sets its target; empty: its own name. ERR_CONFIG for
 * an invalid path.
 */
int pick_model_set_target(struct pick_model_column *c, struct slice target,
			  struct err *e) MUST_USE;

void pick_model_clear(struct pick_model *p);

#endif
