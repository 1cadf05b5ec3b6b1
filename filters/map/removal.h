/* removal.h - the delete of a row that stops matching the condition.
 *
 * Floor 2 (map). In mirror mode a row that the condition (--where) leaves out
 * must not stay at the destination. Its update becomes the delete that
 * rudder-diff would make of the key: the key and identity columns, and of the
 * others what was delivered, as far as the change says it.
 */
#ifndef MAP_REMOVAL_H
#define MAP_REMOVAL_H

#include "map/parts.h"
#include "map/settings/event_type.h"

enum removal {
	REMOVAL_NONE, /* the row is a skip: it was never sent, or may stay */
	REMOVAL_DUE,
	REMOVAL_LOST, /* it would be a delete, which the mapping cannot make */
	REMOVAL_SHARED, /* another row may have its identity: removal_shared */
};

/* What a row that the condition leaves out needs. */
enum removal removal_of(const struct maker *m, const struct input *in);

/* Why a row is rejected whose delete would be that of another row too. */
extern const char removal_shared[];

/* Whether the jq program makes deletes too, else the event of --delete-event
 * is.
 */
static inline bool removal_by_program(const struct maker *m)
{
	return m->m.jq && event_type_is_record(&m->m);
}

/* Makes the delete of the row in removal->in, which stays until the next one.
 * ERR_BUG.
 */
int removal_make(struct maker_removal *removal, const struct deletes *d,
		 const struct input *in, struct err *e) MUST_USE;

/* Whether both mappings delete the same thing, so that it must stay while one
 * of them still makes an event of the row. False where that is not known.
 */
bool removal_same(const struct mapping *a, const struct mapping *b);

#endif
