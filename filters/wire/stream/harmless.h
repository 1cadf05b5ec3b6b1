/* harmless.h - makes foreign text safe for messages and logs.
 *
 * Floor 1 (wire). Nothing here allocates memory.
 */
#ifndef WIRE_STREAM_HARMLESS_H
#define WIRE_STREAM_HARMLESS_H

#include "core/slice.h"

/* What is replaced by "…". */
enum harmless_hide {
	HARMLESS_LONG,   /* quoted text, words with @ or of many digits */
	HARMLESS_VALUES, /* quoted text, words with @, and numbers except after
			  * "HTTP" */
};

/* Copies as much as fits into n bytes with a NUL; n is at least 1. Characters
 * that could harm a terminal, and invalid UTF-8, become a space; no character
 * is split.
 */
void harmless(char *to, size_t n, struct slice text);

/* The same without possible values of a row. Quoted text right after the word
 * "column" or "field" is a name, and stays; so does a SQLSTATE.
 */
void harmless_hidden(char *to, size_t n, const char *message,
		     enum harmless_hide hide);

#endif
