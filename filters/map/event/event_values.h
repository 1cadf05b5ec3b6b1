/* event_values.h - applies masks, casts and defaults to the values of an event.
 *
 * Floor 2 (map). This happens before anything of the event is written, because
 * a mask can remove the only id, and then there is no event.
 */
#ifndef MAP_EVENT_EVENT_VALUES_H
#define MAP_EVENT_EVENT_VALUES_H

#include "map/value/field.h"

struct event_template;
struct event_template_record;

/* The values of one row that were cast or masked. All-zero at first. */
struct event_values {
	struct buf text;
	struct event_value {
		size_t at, n; /* the value's position in text */
		bool omit, null;
	} * v; /* owned */
	size_t size;
	char why[200];
	struct field_work work;
	bool warned; /* warned once that a mask hashes hashes */
};

void event_values_clear(struct event_values *v);

/* Applies the field settings of p to the values of a row. Returns 0, or -1 with
 * the reason in v->why: a value cannot be cast or masked, or no id is left.
 */
int event_values_prepare(const struct event_template *p,
			 const struct event_template_record *r,
			 struct event_values *v);

#endif
