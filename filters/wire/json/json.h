/* json.h - writes JSON text; reads its strings and numbers.
 *
 * Floor 1 (wire). What is read here has passed scan.h: these functions trust
 * their input to be valid.
 */
#ifndef WIRE_JSON_JSON_H
#define WIRE_JSON_JSON_H

#include "core/buf.h"

/* Appends the bytes as a JSON string, in quotes, with as few escapes as
 * possible. They must be UTF-8 (json_utf8); 0x7f and bytes beyond ASCII are not
 * escaped.
 */
void json_string(struct buf *b, struct slice s);

/* json_string without the quotes. */
void json_escape(struct buf *b, struct slice s);

/* Writes the escape of a quote, a backslash or a control, at most JSON_ESCAPE
 * bytes; returns the end of it.
 */
enum { JSON_ESCAPE = 6 };
char *json_escape_char(char *to, unsigned char c);

/* Whether the text between the quotes of a string is what json_escape would
 * write for it.
 */
bool json_escaped(struct slice inner);

/* Index of the first byte that is not UTF-8 (RFC 3629), or s.n. */
size_t json_utf8(struct slice s);

/* Appends any bytes as a JSON string: invalid UTF-8 becomes U+FFFD, and text
 * beyond max bytes is truncated at a character. For quoting bad input in a
 * reject.
 */
void json_lossy(struct buf *b, struct slice s, size_t max);

/* Appends the decoded text between the quotes of a string. A lone surrogate
 * escape becomes three bytes of generalised UTF-8 (WTF-8).
 */
void json_decode(struct buf *b, struct slice inner);

/* Converts lone surrogates, which are three bytes in b, back to escapes, from
 * that offset on: the text becomes UTF-8, and a JSON string keeps its value.
 */
void json_surrogates(struct buf *b, size_t from);

/* A string value without its quotes. */
static inline struct slice json_inner(struct slice string)
{
	return slice_of(string.p + 1, string.n - 2);
}

/* Whether a double keeps all digits of an integer or decimal: at most 15
 * significant digits, or an integer up to 2^53, in a double's range.
 */
bool json_double_safe(struct slice number);

#endif
