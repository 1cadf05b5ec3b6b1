/* event_tree.h - the layout of an event: names in order, and the source of
 * each value.
 *
 * Floor 2 (map). Built from settings once per list of columns, and then made
 * a plan (event_template.h); no record ever becomes one. The members of the
 * root are in alphabetical order, all others in the order in which they were
 * put.
 */
#ifndef MAP_EVENT_EVENT_TREE_H
#define MAP_EVENT_EVENT_TREE_H

#include "core/buf.h"
#include "core/err.h"
#include "map/value/field.h"
#include "map/value/path.h"

enum event_tree_kind {
	EVENT_TREE_OBJECT,
	EVENT_TREE_ARRAY,
	EVENT_TREE_HOLE, /* a place in an array that nothing was put into: null
			  */
	/* ends: */
	EVENT_TREE_LITERAL,    /* JSON text from the settings */
	EVENT_TREE_VALUE,      /* a member of the row as it stands */
	EVENT_TREE_ID,         /* a member as a string; the event may lack it */
	EVENT_TREE_TEXT,       /* a member as a string */
	EVENT_TREE_IDENTIFIER, /* EVENT_TREE_VALUE, where blank is null; of
				* those that an event has one must not be */
	EVENT_TREE_EXTRA, /* a value that was computed; the event may lack it */
	EVENT_TREE_MESSAGE_ID, /* of the event, with quotes */
	EVENT_TREE_RECORD_ID,
};

/* What is put at an end. */
struct event_tree_end {
	enum event_tree_kind kind;
	struct slice literal; /* EVENT_TREE_LITERAL: copied */
	size_t member;        /* a member of the row: its index;
			       * EVENT_TREE_EXTRA: which one */
	bool optional;        /* the event may lack this member */
	struct field *field;  /* taken: what is done to the value, or NULL */
};

/* An end that is that JSON text. */
static inline struct event_tree_end event_tree_text(struct slice json)
{
	return (struct event_tree_end){.kind = EVENT_TREE_LITERAL,
				       .literal = json};
}

struct event_tree {
	enum event_tree_kind kind;
	struct event_tree_end end;
	char *text;             /* owned: of a literal */
	struct buf name;        /* decoded; of a member of an object */
	struct buf key;         /* the same as JSON, without quotes */
	struct event_tree **at; /* owned: members or places */
	size_t n, size;
	uint32_t *slot; /* owned: of many members, by the hash of a name */
	size_t n_slots;
};

/* An empty object. Never NULL; free with event_tree_free. */
struct event_tree *event_tree_new(void) MUST_USE;

/* NULL is allowed. */
void event_tree_free(struct event_tree *t);

/* Put an end at the path, inside the member of the root named body unless the
 * path is one from the root or body is NULL. ERR_CONFIG when something stands
 * there, above it or below it; the end's field is freed then.
 */
int event_tree_put(struct event_tree *t, const char *body,
		   const struct path *path, const struct event_tree_end *end,
		   struct err *e) MUST_USE;

/* Put an end at a member of the object t, whose name is JSON text without
 * quotes, escapes as written. ERR_CONFIG when there is one.
 */
int event_tree_put_key(struct event_tree *t, struct slice key,
		       const struct event_tree_end *end,
		       struct err *e) MUST_USE;

/* The object at a member of the object t, made if missing; NULL where
 * something else stands there.
 */
struct event_tree *event_tree_object(struct event_tree *t, const char *name);

/* Put the members of the root in order. */
void event_tree_sort(struct event_tree *t);

#endif
