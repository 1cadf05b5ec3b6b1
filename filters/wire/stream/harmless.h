/* harmless.h - makes foreign text safe for messages and logs.
 *
 * Floor 1 (wire). Nothing here allocates memory.
 */
#ifndef WIRE_STREAM_HARMLESS_H
#define WIRE_STREAM_HARMLESS_H

#include "core/slice.h"

/* What becomes "…". */
enum harmless_hide {
	HARMLESS_LONG,   /* quoted text, words with @ or of many digits */
	HARMLESS_VALUES, /* quoted text, words with @, and numbers but that
			  * behind "HTTP" */
};

/* Copies what has room in n bytes with the NUL at its end; n is at least 1.
 * What could do harm on a terminal or is not UTF-8 becomes a space; no
 * character is cut in the middle.
 */
void harmless(char *to, size_t n, struct slice text);

/* The same without what may be a value of a row. Text in quotes right behind
 * the word "column" or "field" is a name, and stays; so does a SQLSTATE.
 */
void harmless_hidden(char *to, size_t n, const char *message,
		     enum harmless_hide hide);

#endif
