/* scan_parts.h - the private structures of the scanner, shared by its files.
 *
 * Floor 1 (wire). scan.c takes records that look like the last one, token.h
 * what they are made of; nest.c takes arrays and objects of any form, known.c
 * and shape.c learn what to expect of the next record.
 */
#ifndef WIRE_JSON_SCAN_PARTS_H
#define WIRE_JSON_SCAN_PARTS_H

#include "core/buf.h"
#include "wire/json/scan.h"

enum { SCAN_SHAPES = 8 };       /* lists of names remembered */
enum { SCAN_KNOWN_TRIES = 32 }; /* misses after which it is not worth it */

/* How long the values of one place were recently. */
struct habit {
	size_t n;
	uint64_t broken; /* the record in which one was not n long */
	uint64_t resume; /* the record from which to count on it again */
};

/* What stood between two values: commas, colons, names, white space. */
struct between {
	_Alignas(max_align_t) char head[16]; /* its first bytes */
	const char *text;                    /* borrowed: all of it */
	uint32_t n;
	uint32_t mask;      /* vec_mask(n) */
	struct habit habit; /* of the value behind it */
};

/* A nested object as it stood in a record before: what is not a value in it.
 * An object with the same texts between its values needs no other check of
 * its structure, depth and names.
 */
struct known {
	struct buf text;
	struct between *between; /* before each value, and behind the last */
	size_t n, size;
	int misses; /* SCAN_KNOWN_TRIES: it is not worth it */
};

/* A name of the last record, and the text that ended with it. */
struct expected {
	struct between between; /* in shape_text */
	uint32_t key_n;
	uint32_t back; /* from its value to behind its first quote */
	bool tight;
	struct known known; /* its value, if that is an object */
};

struct frame {
	bool array;
	bool sorted;  /* names so far rise strictly, by length, then bytes */
	bool escapes; /* a name so far has some */
	size_t first; /* index of its first name in s->names */
};

struct scan {
	const char *start; /* of the line */
	const char *end;
	const char *why;
	const char *at;
	bool portable;
	uint64_t records; /* begun so far */
	bool open;        /* end is that of the text, the line ends at its LF */

	struct scan_member *member;
	size_t n, size;

	struct shape {
		struct buf names; /* each with a quote behind */
		uint64_t number;
	} shapes[SCAN_SHAPES]; /* seen recently */
	size_t next_shape;     /* to be forgotten */
	uint64_t n_shapes;     /* numbers given away */

	struct buf shape_text; /* names of the last good record */
	struct expected *expected;
	bool common; /* what of member no value changes is that of expected */
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

/* An array or object with all in it, around which outer levels are open:
 * behind it, or NULL.
 */
const char *nest_value(struct scan *s, const char *p, size_t outer);

/* Room for one more name. */
struct slice *nest_name(struct scan *s);

/* Whether a name is a duplicate. Reorders and decodes the array. */
bool nest_twice(struct scan *s, struct slice *name, size_t n, bool escapes);

/* Expect the n bytes at p; text is for the caller to set. */
void known_between(struct between *b, const char *p, size_t n);

/* Keep what a valid object at p looks like. */
void known_learn(struct known *k, const char *p, const char *end);

/* Keep the names of a good record whose list is not the expected one: 0, or -1
 * where one of them is a duplicate.
 */
int shape_new(struct scan *s);

#endif
