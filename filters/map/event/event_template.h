/* event_template.h - the form of an event as a list of pieces to copy.
 *
 * Floor 2 (map). One plan serves all records with the same list of columns:
 * literal bytes, and between them the values of the record.
 */
#ifndef MAP_EVENT_EVENT_TEMPLATE_H
#define MAP_EVENT_EVENT_TEMPLATE_H

#include "core/buf.h"
#include "map/event/event_tree.h"
#include "map/event/event_values.h"
#include "map/event/rowid.h"
#include "wire/json/scan.h"

struct event_template;

/* What a record gives beyond its members. */
struct event_template_record {
	const struct scan_member *member;
	size_t line_n;             /* bytes of the record's line */
	const struct rowid *id;    /* of a row that is not a change, or NULL */
	struct slice message_id;   /* if id is NULL; without quotes */
	struct slice record_id;    /* a JSON string; READER_PAD bytes follow */
	const struct slice *extra; /* computed values; empty: none */
	size_t extra_n;            /* bytes of them all */
	struct slice keys; /* whose ids stay as they stand (identifier.h) */
	size_t absent; /* index of an optional member to leave out, or SIZE_MAX
			*/
};

/* Never NULL; free with event_template_free. The tree may go afterwards, its
 * fields are taken. exact: numbers that are not number_safe stay numbers.
 */
struct event_template *event_template_new(struct event_tree *t,
					  bool exact) MUST_USE;

/* NULL is allowed. */
void event_template_free(struct event_template *p);

/* Whether there is anything for event_values_prepare to do. */
bool event_template_prepares(const struct event_template *p);

/* The event of one record at the end of b; v is what event_values_prepare
 * filled. The caller has seen to it that the members of EVENT_TREE_ID and
 * EVENT_TREE_TEXT ends are strings or numbers, or null where they are optional.
 */
void event_template_write(const struct event_template *p,
			  const struct event_template_record *r,
			  const struct event_values *v, struct buf *b);

#endif
