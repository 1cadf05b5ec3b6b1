/* event_template_parts.h - the structs of an event_template, for the files that
 * work on its pieces.
 *
 * Floor 2 (map). event_template.c makes and writes the pieces; event_values.c
 * casts and masks their values before the write.
 */
#ifndef MAP_EVENT_EVENT_TEMPLATE_PARTS_H
#define MAP_EVENT_EVENT_TEMPLATE_PARTS_H

#include "map/event/event_template.h"

struct event_template_piece {
	uint32_t at, n; /* literal text before the value, in text */
	uint32_t member;
	uint8_t kind; /* enum event_tree_kind; EVENT_TREE_LITERAL: no value */
	bool trim;    /* remove a comma before the literal text */
	bool optional;
	bool odd; /* needs the slow path: trim, optional or field is set */
	const struct field *field; /* NULL: the value is copied unchanged */
	size_t value;              /* if field: index in event_values.v */
};

struct event_template {
	struct buf text;
	struct event_template_piece *piece;
	size_t n;
	size_t from;   /* where the literal of the next piece starts in text */
	bool trim;     /* trim of the next piece */
	size_t room;   /* upper limit of an event's size, without the values */
	size_t repeat; /* how many pieces copy the most used member */
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
