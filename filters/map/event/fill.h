/* fill.h - what of a row goes into the body of its event: columns, constants,
 * computed values.
 *
 * Floor 2 (map). event.c puts around it what each type of event has.
 */
#ifndef MAP_EVENT_FILL_H
#define MAP_EVENT_FILL_H

#include "map/event/event_tree.h"
#include "map/settings/mapping.h"
#include "wire/json/scan.h"

/* Index of the member of that (decoded) name, or -1; NULL is not a name. */
int fill_find(const struct scan_member *m, size_t n, const char *name);

/* The end of a column's value, with what is done to it; c NULL: no entry of the
 * list names it. The field is the caller's, or that of the tree it is put in.
 */
struct event_tree_end fill_value(const struct mapping *m,
				 const struct mapping_column *c,
				 const struct scan_member *member, size_t i);

/* Put the columns that the settings take of these members: 0, or -1 with
 * ERR_CONFIG where two values go to one place. So do the others.
 */
int fill_columns(struct event_tree *t, const struct mapping *m,
		 const struct scan_member *member, size_t n,
		 struct err *e) MUST_USE;
/* The same for a delete event: the key columns, and of the other members those
 * that the settings take, where they go in an event of the mapping; without
 * defaults. What a jq program takes is not known: nothing. keys are names, NUL
 * behind each.
 */
int fill_delete(struct event_tree *t, const struct mapping *m,
		struct slice keys, const struct scan_member *member, size_t n,
		struct err *e) MUST_USE;

int fill_constants(struct event_tree *t, const struct mapping *m,
		   struct err *e) MUST_USE;
int fill_computed(struct event_tree *t, const struct mapping *m,
		  struct err *e) MUST_USE;

#endif
