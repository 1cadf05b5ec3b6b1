/* fill.h - puts columns, constants and computed values into the body of an
 * event.
 *
 * Floor 2 (map). event.c adds the members around the body, by event type.
 */
#ifndef MAP_EVENT_FILL_H
#define MAP_EVENT_FILL_H

#include "map/event/event_tree.h"
#include "map/settings/mapping.h"
#include "wire/json/scan.h"

/* The index of the member with this (decoded) name, or -1. A NULL name is never
 * found.
 */
int fill_find(const struct scan_member *m, size_t n, const char *name);

/* A leaf of the layout for column i, with its cast, mask and null policy. c is
 * the column's entry in the list of columns; NULL: no entry names it. The field
 * is the caller's until the leaf is put into a tree.
 */
struct event_tree_end fill_value(const struct mapping *m,
				 const struct mapping_column *c,
				 const struct scan_member *member, size_t i);

/* Puts the columns that the mapping selects. 0, or -1 with ERR_CONFIG if two
 * values have the same target. The other fill functions return the same.
 */
int fill_columns(struct event_tree *t, const struct mapping *m,
		 const struct scan_member *member, size_t n,
		 struct err *e) MUST_USE;
/* The same for a delete event: first the key columns, then the other members
 * that the mapping selects, at the targets of a normal event and without
 * defaults. If a jq program makes the events, only the key columns are put,
 * because nobody knows which columns it reads. keys are names, each followed by
 * NUL.
 */
int fill_delete(struct event_tree *t, const struct mapping *m,
		struct slice keys, const struct scan_member *member, size_t n,
		struct err *e) MUST_USE;

int fill_constants(struct event_tree *t, const struct mapping *m,
		   struct err *e) MUST_USE;
int fill_computed(struct event_tree *t, const struct mapping *m,
		  struct err *e) MUST_USE;

#endif
