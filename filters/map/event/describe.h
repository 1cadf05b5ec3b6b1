/* describe.h - describes what a mapping does to a row, for --preview.
 *
 * Floor 2 (map).
 */
#ifndef MAP_EVENT_DESCRIBE_H
#define MAP_EVENT_DESCRIBE_H

#include "core/buf.h"
#include "map/event/event_tree.h"
#include "wire/json/scan.h"

/* Appends one line for each of the n members of the row, in their order: "email
 * → traits.email" for each target of the column, or "email –" if the event does
 * not contain it. Then come the constants, "= "x" → traits.source", and the
 * computed values, "jq → traits.y". t is the layout of the event. Lines have no
 * control characters; the last has no LF.
 */
void describe_tree(struct buf *b, const struct event_tree *t,
		   const struct scan_member *member, size_t n);

/* Appends the lines of the jq program that makes the event. */
void describe_program(struct buf *b, const char *program);

#endif
