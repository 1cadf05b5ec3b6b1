/* event_template_parts.h - the pieces of an event_template, for the files that
 * fill it.
 *
 * Floor 2 (map). event_template.c makes and writes them, event_values.c does to
 * values what is to be done before.
 */
#ifndef MAP_EVENT_EVENT_TEMPLATE_PARTS_H
#define MAP_EVENT_EVENT_TEMPLATE_PARTS_H

#include "map/event/event_template.h"

struct event_template_piece {
	uint32_t at, n; /* literal text in front, in plan.text */
	uint32_t member;
	uint8_t kind; /* enum event_tree_kind of the end; EVENT_TREE_LITERAL:
			 none */
	bool trim;    /* drop a comma in front of the literal */
	bool optional;
	bool odd;                  /* one of these, or a field */
	const struct field *field; /* NULL: the value as it stands */
	size_t value;              /* index of its value in event_values */
};

struct event_template {
	struct buf text;
	struct event_template_piece *piece;
	size_t n;
	size_t from;          /* where the open literal starts in text */
	bool trim;            /* for the open piece */
	size_t room;          /* bytes besides the values */
	size_t repeat;        /* how often a member is used at most */
	struct field **field; /* owned */
	size_t n_fields;
	bool exact;
};

static inline bool event_template_is_value(
	const struct event_template_piece *piece)
{
	return piece->kind == EVENT_TREE_VALUE ||
	       piece->kind == EVENT_TREE_EXTRA ||
	       piece->kind == EVENT_TREE_IDENTIFIER;
}

#endif
