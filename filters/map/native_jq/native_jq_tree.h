/* native_jq_tree.h - the syntax tree of a simple jq program.
 *
 * Floor 2 (map). Shared by native_jq_parse.c and native_jq_term.c, which build
 * it, and native_jq_eval.c, which evaluates it.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_TREE_H
#define MAP_NATIVE_JQ_NATIVE_JQ_TREE_H

#include "map/native_jq/native_jq.h"

enum native_jq_op {
	NATIVE_JQ_INPUT, /* . */
	NATIVE_JQ_FIELD, /* a.name */
	NATIVE_JQ_INDEX, /* a[index] */
	NATIVE_JQ_CONSTANT,
	NATIVE_JQ_OBJECT, /* list, by name */
	NATIVE_JQ_ARRAY,  /* list */
	NATIVE_JQ_TEXT,   /* list: string interpolation */
	NATIVE_JQ_PIPE,   /* a | b */
	NATIVE_JQ_ELSE,   /* a // b */
	NATIVE_JQ_TRY,    /* a? */
	NATIVE_JQ_AND,
	NATIVE_JQ_OR,
	NATIVE_JQ_IF, /* if a then b else c */
	NATIVE_JQ_SELECT,
	NATIVE_JQ_COMPARE,
	NATIVE_JQ_ADD,
	NATIVE_JQ_SUBTRACT,
	NATIVE_JQ_MULTIPLY,
	NATIVE_JQ_STARTS, /* startswith(a) */
	NATIVE_JQ_ENDS,
	NATIVE_JQ_EMPTY,
	NATIVE_JQ_NOT,
	NATIVE_JQ_TYPE,
	NATIVE_JQ_LENGTH,
	NATIVE_JQ_TOSTRING,
	NATIVE_JQ_DOWN,
	NATIVE_JQ_UP,
};

enum native_jq_order {
	NATIVE_JQ_EQ,
	NATIVE_JQ_NE,
	NATIVE_JQ_LT,
	NATIVE_JQ_LE,
	NATIVE_JQ_GT,
	NATIVE_JQ_GE
};

struct native_jq_node {
	enum native_jq_op op;
	struct native_jq_node *a, *b, *c;
	struct native_jq_node *list,
		*next;     /* parts of an object, array or text */
	struct slice name; /* decoded; name of a field or member */
	struct buf own;    /* memory of name, or of a constant */
	struct native_jq_value constant;
	size_t index;
	enum native_jq_order order;
	bool optional; /* a.name?, a[0]? */
	bool closed;   /* a "?" that follows is not the path's */

	/* For a field of the row: its index in the last row, and that row's
	 * shape.
	 */
	uint64_t shape;
	int at;

	/* The value made for the current row. Without loops, each node makes at
	 * most one value.
	 */
	struct buf made, spare;
	struct native_jq_node *all; /* next node of the program, for freeing */
};

struct native_jq {
	struct native_jq_node *root, *all;
	size_t n_made;    /* number of objects and arrays in the program */
	struct buf spare; /* scratch buffer of native_jq_put */
};

/* Maximum number of objects and arrays in a program: with NATIVE_JQ_LEVELS of
 * the row inside, none is nested deeper than an event may be.
 */
enum { NATIVE_JQ_MADE = 64 };

/* Parses a program into l. Returns 0, or -1 with the reason in *why. */
int native_jq_parse(struct native_jq *l, const char *program,
		    struct native_jq_no *why) MUST_USE;

#endif
