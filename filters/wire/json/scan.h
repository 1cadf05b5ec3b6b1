/* scan.h - one line of JSON checked, and the spans of its members.
 *
 * Floor 1 (wire). Strict: RFC 8259 grammar and UTF-8 (RFC 3629), at most
 * SCAN_DEPTH levels, no duplicate names in one object. No tree is built: a
 * member is two slices of the line, escapes and digits as they were written.
 *
 * The rows of one query have the same names in the same order. The scanner
 * keeps those of the last record and compares instead of scanning; a record
 * with the same list needs no check for duplicates and has the same shape, so
 * that a caller can reuse what it calculated for that list of names.
 */
#ifndef WIRE_JSON_SCAN_H
#define WIRE_JSON_SCAN_H

#include "core/slice.h"

/* The maximal nesting, including the outermost object; the same as in libjq
 * 1.6.
 */
#define SCAN_DEPTH 256

enum scan_kind {
	SCAN_NULL,
	SCAN_FALSE,
	SCAN_TRUE,
	SCAN_NUMBER,
	SCAN_STRING,
	SCAN_ARRAY,
	SCAN_OBJECT,
};

struct scan_member {
	struct slice key;   /* between the quotes, escapes as written */
	struct slice value; /* whole: strings with their quotes */
	enum scan_kind kind;

	/* The value is in canonical form (hash.h): no white space, no escapes,
	 * numbers in normal form, and no object in it.
	 */
	bool plain;

	/* It contains a number with more than 15 characters, or an exponent.
	 * Only such numbers may not fit into a double.
	 */
	bool long_number;

	/* key and value are written as "key":value, without white space or
	 * escapes in the key.
	 */
	bool tight;
};

struct scan;

/* Never NULL; free with scan_free. */
struct scan *scan_new(void) MUST_USE;

/* NULL is allowed. */
void scan_free(struct scan *s);

/* Checks that the line is one JSON object, and finds its members: 0, or -1 if
 * it is not (scan_why, scan_at). The line must be followed by LF or NUL and
 * READER_PAD readable bytes, as from reader_next. The members borrow from the
 * line.
 */
int scan_object(struct scan *s, struct slice line) MUST_USE;

/* The same for the first line of a text, whose end is not known yet: 0 with its
 * length, without LF, in *n. -1 if there is no whole line, or it is not one
 * JSON object; call scan_object to find out why. The text must be followed by
 * NUL and READER_PAD readable bytes, as from reader_rest.
 */
int scan_line(struct scan *s, struct slice text, size_t *n) MUST_USE;

/* Checks any JSON text, not only an object, for tests and single values; LF
 * counts as white space: 0 or -1 as above. Sets *kind; there are no members
 * afterwards.
 */
int scan_value(struct scan *s, struct slice text,
	       enum scan_kind *kind) MUST_USE;

/* After a failure: what is wrong ("invalid number"), and the offset in bytes
 * from the start of the line, from 0.
 */
const char *scan_why(const struct scan *s);
#define SCAN_TWICE "a name twice in one object" /* one of these */
size_t scan_at(const struct scan *s);

/* The members of the last object, in its order. */
const struct scan_member *scan_members(const struct scan *s, size_t *n);

/* A number that is the same for two objects only when their lists of names
 * are the same, in order and to the byte. Never 0.
 */
uint64_t scan_shape(const struct scan *s);

/* The index of the member with that (decoded) name in the last object, or -1.
 * O(n): call it once for each shape.
 */
int scan_find(const struct scan *s, struct slice name);

/* That member itself, or NULL. */
const struct scan_member *scan_get(const struct scan *s, const char *name);

/* Selects the portable code instead of vectors; tests prove that both give the
 * same results.
 */
void scan_portable(struct scan *s, bool portable);

#endif
