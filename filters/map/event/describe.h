/* describe.h - describes what a mapping does to a row, for --preview.
 *
 * Floor 2 (map).
 */
#ifndef MAP_EVENT_DESCRIBE_H
#define MAP_EVENT_DESCRIBE_H

#include "core/buf.h"
#include "map/event/event_tree.h"
#include "wire/json/scan.h"

/* A line for each of the n members, in their order: "email → traits.email", one
 * for each place it goes to, or "email –" where it goes nowhere; then "= "x" →
 * traits.source" of constants and "jq → traits.y" of computed values. The form
 * of the event is t. Lines have no control characters; the last has no LF.
 */
void describe_tree(struct buf *b, const struct event_tree *t,
		   const struct scan_member *member, size_t n);

/* The lines of a jq program, which makes the event. */
void describe_program(struct buf *b, const char *program);

#endif
