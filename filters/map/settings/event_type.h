/* event_type.h - the types of events, and the names that rudder-map writes
 * itself.
 *
 * Floor 2 (map). A new event type is one row of the table in event_type.c.
 */
#ifndef MAP_SETTINGS_EVENT_TYPE_H
#define MAP_SETTINGS_EVENT_TYPE_H

#include "map/settings/mapping.h"

struct event_type {
	const char *name;
	const char *body;        /* the member that columns go into */
	const char *name_member; /* of the event's name; NULL: has none */
	bool name_needed;
	bool group;  /* has groupId */
	bool alias;  /* has previousId */
	bool record; /* has action and identifiers, and need have no user id */
};

/* The type of that name, or NULL. */
const struct event_type *event_type(const char *name);

/* All names, ended by NULL. */
const char *const *event_type_names(void);

/* The same as text, "identify, track or record", at the end of b. */
void event_type_list(struct buf *b);

/* Refuses a path that leads to a member which the tool writes: ERR_CONFIG. */
int event_type_reserved(const struct path *p, struct err *e) MUST_USE;

/* Whether the type is known and record. */
bool event_type_is_record(const struct mapping *m);

#endif
