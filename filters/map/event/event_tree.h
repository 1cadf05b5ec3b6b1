/* event_tree.h - the layout of an event: its members in order, and the source
 * of each value.
 *
 * Floor 2 (map). Built from the settings once for each list of columns, and
 * then turned into a template (event_template.h); no tree is built for a single
 * row. The members of the root are in alphabetical order, all others in the
 * order in which they were put.
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
	EVENT_TREE_HOLE, /* an array element that has no value yet: null */
	/* leaves: */
	EVENT_TREE_LITERAL,    /* JSON text from the settings */
	EVENT_TREE_VALUE,      /* a member of the row, unchanged */
	EVENT_TREE_ID,         /* a member as a string; may be left out */
	EVENT_TREE_TEXT,       /* a member as a string */
	EVENT_TREE_IDENTIFIER, /* EVENT_TREE_VALUE in which blank text is null;
				  at least one identifier of an event must not
				  be null */
	EVENT_TREE_EXTRA,      /* a computed value; may be missing */
	EVENT_TREE_MESSAGE_ID, /* the event's messageId, with quotes */
	EVENT_TREE_RECORD_ID,
};

/* A leaf of the layout: where its value comes from. */
struct event_tree_end {
	enum event_tree_kind kind;
	struct slice literal; /* EVENT_TREE_LITERAL: copied */
	size_t member; /* index in the row; EVENT_TREE_EXTRA: in the computed
			  values */
	bool optional; /* the event omits this member if it has no value */
	struct field *field; /* taken; cast, mask etc., or NULL */
};

/* A leaf that is this JSON text. */
static inline struct event_tree_end event_tree_text(struct slice json)
{
	return (struct event_tree_end){.kind = EVENT_TREE_LITERAL,
				       .literal = json};
}

struct event_tree {
	enum event_tree_kind kind;
	struct event_tree_end end;
	char *text;             /* owned: copy of end.literal */
	struct buf name;        /* name of this member of an object, decoded */
	struct buf key;         /* the name as JSON, without quotes */
	struct event_tree **at; /* owned: members, or elements of an array */
	size_t n, size;
	uint32_t *slot; /* owned: hash table of the names, or NULL */
	size_t n_slots;
};

/* An empty object. Never NULL; free with event_tree_free. */
struct event_tree *event_tree_new(void) MUST_USE;

/* NULL is allowed. */
void event_tree_free(struct event_tree *t);

/* Puts a leaf at the path: inside the member body of the root, or at the root
 * if the path is absolute or body is NULL. ERR_CONFIG if there is a value at
 * the path, above it or below it; the leaf's field is freed then.
 */
int event_tree_put(struct event_tree *t, const char *body,
		   const struct path *path, const struct event_tree_end *end,
		   struct err *e) MUST_USE;

/* Puts a leaf as a member of the object t. key is the name as JSON without
 * quotes. ERR_CONFIG if t has a member of this name.
 */
int event_tree_put_key(struct event_tree *t, struct slice key,
		       const struct event_tree_end *end,
		       struct err *e) MUST_USE;

/* Returns the member of t with this name, which is created as an object if it
 * is missing. NULL if it is not an object.
 */
struct event_tree *event_tree_object(struct event_tree *t, const char *name);

/* Sorts the members of the root by name. */
void event_tree_sort(struct event_tree *t);

#endif
