/* span.h - steps over valid JSON text.
 *
 * Floor 1 (wire). Nothing is checked: the text has passed scan.h or was written
 * by ourselves. In other text the results are undefined, but stay before its
 * end.
 */
#ifndef WIRE_JSON_SPAN_H
#define WIRE_JSON_SPAN_H

#include "core/slice.h"
#include "wire/json/scan.h"
#include "wire/json/vec.h"

/* The first byte after white space. */
static inline const char *span_blank(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

/* The first quote or backslash from p on, or end. */
static ALWAYS_INLINE const char *span_quote(const char *p, const char *end)
{
	p = vec_quote(p, end);
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* The end of the string at p. */
static inline const char *span_string(const char *p, const char *end)
{
	p = span_quote(p + 1, end);
	while (p < end && *p == '\\')
		p = span_quote(p + 2, end);
	return p < end ? p + 1 : end;
}

/* The end of the value at p. */
const char *span_value(const char *p, const char *end);

/* The kind of a value by its first byte. */
enum scan_kind span_kind(char first);

/* The position in an object or array. */
struct span {
	const char *at, *end;
};

/* The content of an object or array. */
struct span span_open(struct slice value);

/* The next member (the key without quotes, escapes as written), or the next
 * element of an array: false at the end.
 */
bool span_member(struct span *s, struct slice *key, struct slice *value);
bool span_element(struct span *s, struct slice *value);

#endif
