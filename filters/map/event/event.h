/* event.h - builds the layout of an event: which members it has, by its type.
 *
 * Floor 2 (map). The event types are listed in map/settings/event_type.c.
 */
#ifndef MAP_EVENT_EVENT_H
#define MAP_EVENT_EVENT_H

#include "map/event/event_tree.h"
#include "map/settings/event_type.h"
#include "map/settings/mapping.h"
#include "wire/json/scan.h"

/* The indices of the row's members from which the event's ids and name are
 * read; -1 if the row has no such member.
 */
struct event_source {
	int user_id, anonymous_id, name;
	int other; /* source of groupId or previousId */
};

/* Builds the layout of the events for rows with these n members and this
 * action. Returns 0, or -1 with ERR_CONFIG if two values have the same target.
 * sources is the JSON text of context.sources. Free *t with event_tree_free.
 *
 * A delete of an event type that has no deletes becomes a track event. Its
 * properties are the key and identity columns, whose names are in keys (each
 * followed by NUL), and those of the other members that the mapping chooses
 * (fill_delete).
 */
int event_tree(struct event_tree **t, const struct mapping *m,
	       enum mapping_action action, const struct scan_member *member,
	       size_t n, struct slice sources, struct slice keys,
	       struct event_source *from, struct err *e) MUST_USE;

/* Whether a row with this action becomes an event. If not, *why is the reason.
 */
bool event_made(const struct mapping *m, enum mapping_action action,
		const char **why);

/* Returns 0, or -1 with ERR_CONFIG if the settings give two values the same
 * target, whatever the row.
 */
int event_check(const struct mapping *m, struct err *e) MUST_USE;

#endif
