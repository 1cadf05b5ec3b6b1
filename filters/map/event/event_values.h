/* event_values.h - the values of an event that something is done to: masks,
 * casts, defaults.
 *
 * Floor 2 (map). It is done before anything of the event is written, because
 * the event may have nobody left whom it is about.
 */
#ifndef MAP_EVENT_EVENT_VALUES_H
#define MAP_EVENT_EVENT_VALUES_H

#include "map/value/field.h"

struct event_template;
struct event_template_record;

/* The values of one record that something is done to. All-zero at first. */
struct event_values {
	struct buf text;
	struct event_value {
		size_t at, n; /* in text */
		bool omit, null;
	} * v; /* owned */
	size_t size;
	char why[200];
	struct field_work work;
	bool warned; /* of hashes that are hashed again */
};

void event_values_clear(struct event_values *v);

/* Does to the values of a record what is to be done: 0, or -1 with why in *v.
 * So where nothing is left of who the record is about.
 */
int event_values_prepare(const struct event_template *p,
			 const struct event_template_record *r,
			 struct event_values *v);

#endif
