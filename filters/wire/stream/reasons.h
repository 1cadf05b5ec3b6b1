/* reasons.h - why records were rejected: counted, for one message at the end.
 *
 * Floor 1 (wire). Reasons that differ only in possible values of a row are
 * counted as one. At the end the five most frequent are reported, each with its
 * first line; with -v also the full text of the first of each.
 */
#ifndef WIRE_STREAM_REASONS_H
#define WIRE_STREAM_REASONS_H

#include "core/slice.h"

enum {
	REASONS_KEPT = 64,   /* reasons; others are only counted */
	REASONS_SHOWN = 100, /* bytes of one reason in the message */
	REASONS_WHOLE = 300,
	REASONS_TEXT = 340, /* bytes of the whole message, with the NUL */
};

struct reasons_one {
	char *shown, *whole;
	uint64_t n, line;
};

/* All-zero is empty. */
struct reasons {
	struct reasons_one one[REASONS_KEPT];
	size_t kinds;
	uint64_t others;  /* records with a reason that is not stored */
	const char *unit; /* the unit of line numbers; NULL: "line" */
};

void reasons_clear(struct reasons *r);

/* Adds a reason in our own words: it quotes names but no values, and is stored
 * without "byte 7: " at the start. whole is what -v shows instead, or NULL. n
 * records, the first one in that line; 0: without a number.
 */
void reasons_add(struct reasons *r, const char *why, const char *whole,
		 uint64_t n, uint64_t line);

/* Adds a reason in the words of a server or of a program of the user. "…"
 * replaces quoted text except the name of a column, numbers except an HTTP
 * status, and words with @.
 */
void reasons_add_foreign(struct reasons *r, const char *why, uint64_t n,
			 uint64_t line);

/* Such as "2 × not an object (from line 3), 1 × no key (line 9)": the most
 * frequent first, at most five. With -v the full texts are printed as messages
 * too.
 */
void reasons_say(const struct reasons *r, char text[REASONS_TEXT]);

#endif
