/* scan_parts.h - the private structures of the scanner, shared by its files.
 *
 * Floor 1 (wire). scan.c handles records that look like the last one, token.h
 * their tokens, nest.c arrays and objects of any form; known.c and shape.c
 * learn what to expect of the next record.
 */
#ifndef WIRE_JSON_SCAN_PARTS_H
#define WIRE_JSON_SCAN_PARTS_H

#include "core/buf.h"
#include "wire/json/scan.h"

enum { SCAN_SHAPES = 8 };       /* lists of names remembered */
enum { SCAN_KNOWN_TRIES = 32 }; /* misses after which prediction stops */

/* The length of the last values at one position. */
struct habit {
	size_t n;
	uint64_t broken; /* the last record with a value of another length */
	uint64_t resume; /* the record from which to predict again */
};

/* The text between two values: commas, colons, names, white space. */
struct between {
	_Alignas(max_align_t) char head[16]; /* its first bytes */
	const char *text;                    /* borrowed: all of it */
	uint32_t n;
	uint32_t mask;      /* vec_mask(n) */
	struct habit habit; /* of the value after it */
};

/* A nested object that a record had before: the text between its values. In an
 * object with the same text between the values, structure, depth and names need
 * no other check.
 */
struct known {
	struct buf text;
	struct between *between; /* before each value, and after the last */
	size_t n, size;
	int misses; /* up to SCAN_KNOWN_TRIES */
};

/* A name of the last record, and the text that ends with it. */
struct expected {
	struct between between; /* in shape_text */
	uint32_t key_n;
	uint32_t back; /* from its value to after its first quote */
	bool tight;
	struct known known; /* its value, if that is an object */
};

struct frame {
	bool array;
	bool sorted;  /* names so far ascend, by length, then bytes */
	bool escapes; /* a name so far has escapes */
	size_t first; /* index of its first name in s->names */
};

struct scan {
	const char *start; /* of the line */
	const char *end;
	const char *why;
	const char *at;
	bool portable;
	uint64_t records; /* begun so far */
	bool open;        /* the line ends at its first LF, not at end */

	struct scan_member *member;
	size_t n, size;

	struct shape {
		struct buf names; /* each followed by a quote */
		uint64_t number;
	} shapes[SCAN_SHAPES]; /* seen recently */
	size_t next_shape;     /* to be replaced next */
	uint64_t n_shapes;     /* numbers given out */

	struct buf shape_text; /* names of the last good record */
	struct expected *expected;
	bool common; /* member has what these records share */
	size_t n_expected, expected_size;
	uint64_t shape;

	struct slice *names; /* of the open nested objects */
	size_t n_names, names_size;
	struct frame frame[SCAN_DEPTH];
	size_t depth, max_depth;
	bool plain; /* of the value being scanned */
	bool long_number;

	struct buf copy;    /* of a value with LF in it */
	struct buf decoded; /* scratch of has_duplicate */
	uint32_t *bucket;
	size_t n_buckets;
};

/* Scans an array or object with all its content, inside `outer` open levels:
 * returns the end of it, or NULL.
 */
const char *nest_value(struct scan *s, const char *p, size_t outer);

/* Makes room for one more name. */
struct slice *nest_name(struct scan *s);

/* Whether there is a duplicate name. Reorders and decodes the array. */
bool nest_twice(struct scan *s, struct slice *name, size_t n, bool escapes);

/* Sets b to expect the n bytes at p; the caller sets text. */
void known_between(struct between *b, const char *p, size_t n);

/* Learns the form of a valid object at p. */
void known_learn(struct known *k, const char *p, const char *end);

/* Learns the names of a good record whose list is not the expected one: 0, or
 * -1 if one of them is a duplicate.
 */
int shape_new(struct scan *s);

#endif
