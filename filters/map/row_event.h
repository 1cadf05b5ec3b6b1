/* row_event.h - makes the event of one row: checks it, sets its ids, writes it.
 *
 * Floor 2 (map). The layout for a list of columns is computed once (event.h,
 * event_template.h) and kept for the rows that follow.
 */
#ifndef MAP_ROW_EVENT_H
#define MAP_ROW_EVENT_H

#include "map/parts.h"

/* Called at the first row: checks that it has the columns that the mapping
 * names. A missing column is an error (ERR_CONFIG) if the stream lists its
 * columns, otherwise a warning.
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

/* The ids of a row; valid until the next row. */
struct row_event_ids {
	struct slice hex;    /* 32 hex digits, for messageId */
	struct slice record; /* a JSON string */
};
struct row_event_ids row_event_ids(struct maker *m);

/* Appends the event of a row to result_room. Returns NULL, or the reason why it
 * cannot be made. extra are the computed values, extra_n bytes in total.
 */
const char *row_event_make(struct maker *m, const struct input *in,
			   enum mapping_action action,
			   const struct slice *extra, size_t extra_n);

/* Appends what the mapping did to the last row, in the format of describe.h. */
void row_event_says(const struct maker *m, struct buf *b);

/* The columns of a delete whose ids are not rewritten (identifier.h). in is the
 * row that was read, or its removal.
 */
struct slice row_event_keys(const struct maker *m, const struct input *in);

/* The id in the member at of the row, as a JSON string in b or the row. Empty
 * if it is not an id, or if at is -1.
 */
struct slice row_event_identifier(const struct maker *m, const struct input *in,
				  int at, struct buf *b);

/* Frees the layouts that are kept. */
void row_event_clear(struct maker *m);

#endif
