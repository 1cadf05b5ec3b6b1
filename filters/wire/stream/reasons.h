/* reasons.h - why records were rejected: counted, for one message at the end.
 *
 * Floor 1 (wire). Reasons that differ only in what may be a value of a row are
 * one. At the end the five most frequent are said, with the first line of each;
 * with -v also whole, as the first of each was.
 */
#ifndef WIRE_STREAM_REASONS_H
#define WIRE_STREAM_REASONS_H

#include "core/slice.h"

enum {
	REASONS_KEPT = 64,   /* different ones; the others are counted only */
	REASONS_SHOWN = 100, /* bytes of one in the message */
	REASONS_WHOLE = 300,
	REASONS_TEXT = 340, /* bytes of all of them, with the NUL */
};

struct reasons_one {
	char *shown, *whole;
	uint64_t n, line;
};

/* All-zero is empty. */
struct reasons {
	struct reasons_one one[REASONS_KEPT];
	size_t kinds;
	uint64_t others;  /* records whose reason is not kept */
	const char *unit; /* what is numbered; NULL: "line" */
};

void reasons_clear(struct reasons *r);

/* Our own words: they quote names and no values, and are kept but for "byte 7:
 * " at the start. whole is what -v shows instead, or NULL. n records, the first
 * in that line; 0: it has no number.
 */
void reasons_add(struct reasons *r, const char *why, const char *whole,
		 uint64_t n, uint64_t line);

/* The words of a server or program of the user's: quoted text but the name of a
 * column, numbers but a status of HTTP, and words with @ become "…".
 */
void reasons_add_foreign(struct reasons *r, const char *why, uint64_t n,
			 uint64_t line);

/* "2 × not an object (from line 3), 1 × no key (line 9)": the most frequent
 * first, five at most. With -v the whole ones are printed as messages too.
 */
void reasons_say(const struct reasons *r, char text[REASONS_TEXT]);

#endif
