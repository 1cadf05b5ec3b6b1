/* row_event.h - the event of one row: whether it can be one, its ids, its
 * bytes.
 *
 * Floor 2 (map). What a list of columns becomes is worked out once (event.h,
 * event_template.h) and kept for the rows that follow.
 */
#ifndef MAP_ROW_EVENT_H
#define MAP_ROW_EVENT_H

#include "map/parts.h"

/* At the first row: a column that is named and not there is a typing error
 * where the stream says which columns it has (ERR_CONFIG), and worth a word
 * where it does not.
 */
int row_event_columns(struct maker *m, enum mapping_action action,
		      struct err *e) MUST_USE;

/* The action of a row: 0, or -1 if it is unknown. */
int row_event_change(const struct control *c,
		     enum mapping_action *action) MUST_USE;
MUST_USE static inline int row_event_action(const struct control *c,
					    enum mapping_action *action)
{
	*action = MAPPING_INSERT;
	return c->type == CONTROL_CHANGE ? row_event_change(c, action) : 0;
}

static inline bool row_event_is_delete(const struct input *in)
{
	return in->control.type == CONTROL_CHANGE &&
	       slice_is(in->control.action, mapping_actions[MAPPING_DELETE]);
}

/* What the ids of a record are made of; dies with the row. */
struct row_event_ids {
	struct slice hex;    /* 32 digits: what messageId is made of */
	struct slice record; /* a JSON string */
};
struct row_event_ids row_event_ids(struct maker *m);

/* The event of a row at the end of result_room: NULL, or why it cannot be made.
 * extra are the computed values, all of them extra_n bytes.
 */
const char *row_event_make(struct maker *m, const struct input *in,
			   enum mapping_action action,
			   const struct slice *extra, size_t extra_n);

/* What the mapping did to the row that went through it last, as describe.h has
 * it.
 */
void row_event_says(const struct maker *m, struct buf *b);

/* The columns of a delete whose ids are as they were delivered (identifier.h);
 * in is the row that was read, or what was made of it.
 */
struct slice row_event_keys(const struct maker *m, const struct input *in);

/* The identifier of that column as a JSON string, in b or the row; empty where
 * it names nobody. column NULL: none.
 */
struct slice row_event_identifier(const struct maker *m, const struct input *in,
				  int at, struct buf *b);

/* Frees what was worked out. */
void row_event_clear(struct maker *m);

#endif
