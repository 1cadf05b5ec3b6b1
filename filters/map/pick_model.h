/* pick_model.h - which columns a mapping takes, as a person changes it.
 *
 * Floor 2 (map). Starts from what the settings say, and becomes settings again.
 */
#ifndef MAP_PICK_MODEL_H
#define MAP_PICK_MODEL_H

#include "map/map.h"
#include "wire/stream/input.h"

struct pick_model_column {
	char *name;   /* owned */
	char *sample; /* owned: the start of its JSON in the first row, or "" */
	char *target; /* owned, or NULL: under its own name */
	const char *id; /* what else it is ("user id"), or NULL */
	bool on;
};

/* All-zero but for o at first. */
struct pick_model {
	const struct map_options *o;
	struct pick_model_column *column; /* owned */
	size_t n;
	char *user_id; /* owned, or NULL: to be chosen */
};

/* The columns of the first row that is not a delete, otherwise those of the
 * begin line: ERR_DATA without either, ERR_IO.
 */
int pick_model_read(struct pick_model *p, struct input *in,
		    struct err *e) MUST_USE;

/* What is on by the settings, and where it goes. Without anybody whose events
 * these are, that is left to be chosen. Errors of mapping_load, and ERR_USAGE
 * for several mappings and for a jq program.
 */
int pick_model_load(struct pick_model *p, struct err *e) MUST_USE;

/* Whether the choice makes a mapping: the errors of mapping_load. Its file and
 * its list of columns at the end of text and options, where not NULL.
 */
int pick_model_try(const struct pick_model *p, struct buf *text,
		   struct buf *options, struct err *e) MUST_USE;

/* This column, of no other one, is that of the user id. */
void pick_model_set_user(struct pick_model *p, struct pick_model_column *user);

/* Where the column goes, and that it does; empty: under its own name.
 * ERR_CONFIG for an invalid path.
 */
int pick_model_set_target(struct pick_model_column *c, struct slice target,
			  struct err *e) MUST_USE;

void pick_model_clear(struct pick_model *p);

#endif
