/* removal.h - makes the delete of a row that no longer matches the condition.
 *
 * Floor 2 (map). In mirror mode a row that the condition (--where) excludes
 * must be deleted from the destination. Its update becomes the delete that
 * rudder-diff would make for the key: the key and identity columns, and the
 * delivered values of other columns if the change has them.
 */
#ifndef MAP_REMOVAL_H
#define MAP_REMOVAL_H

#include "map/parts.h"
#include "map/settings/event_type.h"

enum removal {
	REMOVAL_NONE, /* no delete needed: never sent, or may stay */
	REMOVAL_DUE,
	REMOVAL_LOST,   /* needs a delete, but the mapping cannot make one */
	REMOVAL_SHARED, /* not allowed: another row may have the identity */
};

/* The action needed for a row that the condition excludes. */
enum removal removal_of(const struct maker *m, const struct input *in);

/* The reason of a reject for a row whose delete would also delete another row.
 */
extern const char removal_shared[];

/* Whether the jq program also makes the deletes. Otherwise the event of
 * --delete-event is one.
 */
static inline bool removal_by_program(const struct maker *m)
{
	return m->m.jq && event_type_is_record(&m->m);
}

/* Makes the delete of the row in removal->in, which is valid until the next
 * call. ERR_BUG.
 */
int removal_make(struct maker_removal *removal, const struct deletes *d,
		 const struct input *in, struct err *e) MUST_USE;

/* Whether both mappings delete the same user. If so, the delete must not be
 * sent while one of them still makes an event of the row. False if that is not
 * known.
 */
bool removal_same(const struct mapping *a, const struct mapping *b);

#endif
