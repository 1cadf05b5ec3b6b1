/* event.h - which members an event has, by its type.
 *
 * Floor 2 (map). A new event type is one row of the table in event.c.
 */
#ifndef MAP_EVENT_EVENT_H
#define MAP_EVENT_EVENT_H

#include "map/event/event_tree.h"
#include "map/settings/mapping.h"
#include "wire/json/scan.h"

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
const char *const *event_names(void);

/* Refuses a path that leads to a member which the tool writes: ERR_CONFIG. */
int event_reserved(const struct path *p, struct err *e) MUST_USE;

/* Where what an event must have comes from: members, -1 where there is none. */
struct event_source {
	int user_id, anonymous_id, name;
	int other; /* groupId or previousId */
};

/* The form of the events of rows with these members and this action: 0, or -1
 * with ERR_CONFIG where two values go to one place. sources is the JSON text
 * of context.sources. Free *t with event_tree_free.
 *
 * The delete of a type that cannot delete is a track event, and its properties
 * are all members, since a delete has only those of its key.
 */
int event_tree(struct event_tree **t, const struct mapping *m,
	       enum mapping_action action, const struct scan_member *member,
	       size_t n, struct slice sources, struct event_source *from,
	       struct err *e) MUST_USE;

/* Whether the type is known and record. */
bool event_is_record(const struct mapping *m);

/* Whether a row of this action becomes an event; else why not. */
bool event_made(const struct mapping *m, enum mapping_action action,
		const char **why);

/* Whether the settings alone show two values for one place: ERR_CONFIG. */
int event_check(const struct mapping *m, struct err *e) MUST_USE;

#endif
