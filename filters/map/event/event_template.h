/* event_template.h - the layout of an event as a list of pieces to copy.
 *
 * Floor 2 (map). One template serves all rows with the same list of columns. A
 * piece is literal JSON text followed by one value of the row.
 */
#ifndef MAP_EVENT_EVENT_TEMPLATE_H
#define MAP_EVENT_EVENT_TEMPLATE_H

#include "core/buf.h"
#include "map/event/event_tree.h"
#include "map/event/event_values.h"
#include "map/event/rowid.h"
#include "wire/json/scan.h"

struct event_template;

/* The data of one row that event_template_write copies into the event. */
struct event_template_record {
	const struct scan_member *member;
	size_t line_n;          /* length of the row's line */
	const struct rowid *id; /* ids of a row that is not a change, or NULL */
	struct slice message_id;   /* if id is NULL; without quotes */
	struct slice record_id;    /* a JSON string; READER_PAD bytes follow */
	const struct slice *extra; /* computed values; empty: no value */
	size_t extra_n;            /* total length of extra */
	struct slice keys;         /* columns as in identifier.h */
	size_t absent; /* optional member to leave out, or SIZE_MAX */
};

/* Makes a template from the layout t. Never NULL; free with
 * event_template_free. The caller may free t afterwards: its field settings are
 * moved to the template. exact: numbers that a double cannot hold (number_safe)
 * are written as numbers, not as strings.
 */
struct event_template *event_template_new(struct event_tree *t,
					  bool exact) MUST_USE;

/* NULL is allowed. */
void event_template_free(struct event_template *p);

/* Whether event_values_prepare has any value to change. */
bool event_template_prepares(const struct event_template *p);

/* Appends the event of one row to b; v is the result of event_values_prepare.
 * The caller has checked that the members at leaves of kind EVENT_TREE_ID and
 * EVENT_TREE_TEXT are strings or numbers, or null if they are optional.
 */
void event_template_write(const struct event_template *p,
			  const struct event_template_record *r,
			  const struct event_values *v, struct buf *b);

#endif
