/* event_type.h - the table of event types, and the names of members that
 * rudder-map writes itself.
 *
 * Floor 2 (map). A new event type is one row of the table in event_type.c.
 */
#ifndef MAP_SETTINGS_EVENT_TYPE_H
#define MAP_SETTINGS_EVENT_TYPE_H

#include "map/settings/mapping.h"

struct event_type {
	const char *name;
	const char *body;        /* member that contains the columns */
	const char *name_member; /* member with the event's name, or NULL */
	bool name_needed;
	bool group;  /* has a groupId */
	bool alias;  /* has a previousId */
	bool record; /* has action and identifiers; the user id is optional */
};

/* The event type with this name, or NULL. */
const struct event_type *event_type(const char *name);

/* The names of all event types, ended by NULL. */
const char *const *event_type_names(void);

/* Appends the names of all event types to b: "identify, track or record". */
void event_type_list(struct buf *b);

/* Returns 0, or -1 with ERR_CONFIG if the path leads to a member that
 * rudder-map writes itself.
 */
int event_type_reserved(const struct path *p, struct err *e) MUST_USE;

/* Whether the mapping has an event type, and it is record. */
bool event_type_is_record(const struct mapping *m);

#endif
