/* form.h - the event of one row: whether it can be one, its ids, its bytes.
 *
 * Floor 2 (map). What a list of columns becomes is worked out once (event.h,
 * plan.h) and kept for the rows that follow.
 */
#ifndef MAP_FORM_H
#define MAP_FORM_H

#include "map/parts.h"

/* At the first row: a column that is named and not there is a typing error
 * where the stream says which columns it has (ERR_CONFIG), and worth a word
 * where it does not.
 */
int form_columns(struct maker *m, enum mapping_action action,
		 struct err *e) MUST_USE;

/* What a row is: 0, or -1 where the action is none that we know. */
int form_change(const struct control *c, enum mapping_action *action) MUST_USE;
MUST_USE static inline int form_action(const struct control *c,
				       enum mapping_action *action)
{
	*action = MAPPING_INSERT;
	return c->type == CONTROL_CHANGE ? form_change(c, action) : 0;
}

static inline bool form_is_delete(const struct input *in)
{
	return in->control.type == CONTROL_CHANGE &&
	       slice_is(in->control.action, mapping_actions[MAPPING_DELETE]);
}

/* What the ids of a record are made of; dies with the row. */
struct form_ids {
	struct slice hex;    /* 32 digits: what messageId is made of */
	struct slice record; /* a JSON string */
};
struct form_ids form_ids(struct maker *m);

/* The event of a row at the end of edge_room: NULL, or why there is none. extra
 * are the computed values, all of them extra_n bytes.
 */
const char *form_event(struct maker *m, const struct input *in,
		       enum mapping_action action, const struct slice *extra,
		       size_t extra_n);

/* Whether a JSON string has nothing but white space in it. */
bool form_blank(struct slice string);

/* Whether a value names somebody: a string or number; null or blank; neither.
 */
enum form_id { FORM_ID_GOOD, FORM_ID_NONE, FORM_ID_BAD };

static ALWAYS_INLINE enum form_id form_id(const struct scan_member *m)
{
	if (m->kind == SCAN_NUMBER)
		return FORM_ID_GOOD;
	if (m->kind == SCAN_STRING)
		return UNLIKELY(form_blank(m->value)) ? FORM_ID_NONE
						      : FORM_ID_GOOD;
	return m->kind == SCAN_NULL ? FORM_ID_NONE : FORM_ID_BAD;
}

/* What the mapping did to the row that went through it last, as says.h has it.
 */
void form_says(const struct maker *m, struct buf *b);

/* A JSON string of the identifier in that member, at -1 of none: the empty
 * slice where it names nobody. b is for the quotes of a number.
 */
struct slice form_identifier(const struct input *in, int at, struct buf *b);

/* Frees what was worked out. */
void form_clear(struct maker *m);

#endif
