/* event.h - which members an event has, by its type.
 *
 * Floor 2 (map). The types are in map/settings/event_type.c.
 */
#ifndef MAP_EVENT_EVENT_H
#define MAP_EVENT_EVENT_H

#include "map/event/event_tree.h"
#include "map/settings/event_type.h"
#include "map/settings/mapping.h"
#include "wire/json/scan.h"

/* Where what an event must have comes from: members, -1 if absent. */
struct event_source {
	int user_id, anonymous_id, name;
	int other; /* groupId or previousId */
};

/* The form of the events of rows with these members and this action: 0, or -1
 * with ERR_CONFIG where two values go to one place. sources is the JSON text
 * of context.sources. Free *t with event_tree_free.
 *
 * The delete of a type that cannot delete is a track event. Its properties are
 * the key and identity columns, whose names are keys, NUL behind each, and of
 * the members that were kept those that the mapping chooses (fill_delete).
 */
int event_tree(struct event_tree **t, const struct mapping *m,
	       enum mapping_action action, const struct scan_member *member,
	       size_t n, struct slice sources, struct slice keys,
	       struct event_source *from, struct err *e) MUST_USE;

/* Whether a row of this action becomes an event; else why not. */
bool event_made(const struct mapping *m, enum mapping_action action,
		const char **why);

/* Whether the settings alone show two values for one place: ERR_CONFIG. */
int event_check(const struct mapping *m, struct err *e) MUST_USE;

#endif
