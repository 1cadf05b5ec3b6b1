/* native_jq_tree.h - what a simple jq program is parsed into.
 *
 * Floor 2 (map). Shared by native_jq.c, which runs it, native_jq_parse.c and
 * native_jq_term.c.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_TREE_H
#define MAP_NATIVE_JQ_NATIVE_JQ_TREE_H

#include "map/native_jq/native_jq.h"

enum lite_op {
	LITE_INPUT, /* . */
	LITE_FIELD, /* a.name */
	LITE_INDEX, /* a[index] */
	LITE_CONSTANT,
	LITE_OBJECT, /* list, by name */
	LITE_ARRAY,  /* list */
	LITE_TEXT,   /* list: a string with expressions in it */
	LITE_PIPE,   /* a | b */
	LITE_ELSE,   /* a // b */
	LITE_TRY,    /* a? */
	LITE_AND,
	LITE_OR,
	LITE_IF, /* if a then b else c */
	LITE_SELECT,
	LITE_COMPARE,
	LITE_ADD,
	LITE_SUBTRACT,
	LITE_MULTIPLY,
	LITE_STARTS, /* startswith(a) */
	LITE_ENDS,
	LITE_EMPTY,
	LITE_NOT,
	LITE_TYPE,
	LITE_LENGTH,
	LITE_TOSTRING,
	LITE_DOWN,
	LITE_UP,
};

enum lite_order { LITE_EQ, LITE_NE, LITE_LT, LITE_LE, LITE_GT, LITE_GE };

struct lite_node {
	enum lite_op op;
	struct lite_node *a, *b, *c;
	struct lite_node *list, *next; /* of an object, array or text */
	struct slice name;             /* decoded: of a field or member */
	struct buf own;                /* the bytes of name, or of a constant */
	struct native_jq_value constant;
	size_t index;
	enum lite_order order;
	bool optional; /* a.name?, a[0]? */
	bool closed;   /* a "?" behind is not that of a path's end */

	/* Of a field of the row: where the last shape has it. */
	uint64_t shape;
	int at;

	/* What was made of this row; nothing loops, so that each node makes
	 * something once at most.
	 */
	struct buf made, spare;
	struct lite_node *all; /* of the program, to be freed */
};

struct native_jq {
	struct lite_node *root, *all;
	size_t n_made;    /* objects and arrays in the program */
	struct buf spare; /* of native_jq_put */
};

/* Objects and arrays that a program may make: none is nested deeper, with
 * NATIVE_JQ_LEVELS of the row inside, than an event may be.
 */
enum { LITE_MADE = 64 };

/* The nodes of a program in l: 0, or -1 with why. */
int lite_parse(struct native_jq *l, const char *program,
	       struct native_jq_no *why) MUST_USE;

#endif
