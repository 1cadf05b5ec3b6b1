/* value.h - writes the values of a database as JSON.
 *
 * Floor 2 (query). All sources use the same form, described in rudder-query(1):
 * numbers keep every digit, and what JSON cannot express is a string. Dates and
 * times are in value_time.h.
 */
#ifndef QUERY_VALUE_H
#define QUERY_VALUE_H

#include "core/buf.h"
#include "wire/json/scan.h"

void value_int(struct buf *b, int64_t v);

/* Append the shortest digits that read back as the same number. NaN, Infinity
 * and -Infinity become strings. From 1e-6 to 1e21 without exponent, otherwise
 * like 1.5e-7.
 */
void value_double(struct buf *b, double v);
void value_float(struct buf *b, float v);

/* Appends text as a JSON string. Returns 0, or -1 if it is not UTF-8 (RFC
 * 3629); b then ends with part of it.
 */
int value_text(struct buf *b, struct slice s) MUST_USE;

/* Appends bytes as a JSON string of base64 with padding (RFC 4648, 4). */
void value_binary(struct buf *b, struct slice s);

/* Appends valid JSON without white space between its tokens. Returns 0, or -1
 * if it is nested too deep for any reader of the row.
 */
int value_compact(struct buf *b, struct slice text) MUST_USE;

/* Appends unchecked JSON: checks it, then removes white space. Returns 0, or -1
 * with the reason in *why. scratch is working memory.
 */
int value_json(struct buf *b, struct slice text, struct scan *scan,
	       struct buf *scratch, const char **why) MUST_USE;

/* The same for a column of JSON in which a database accepts any text: a text
 * that is not JSON becomes a string. JSON with a duplicate name in an object is
 * refused: -1.
 */
int value_json_text(struct buf *b, struct slice text, struct scan *scan,
		    struct buf *scratch, const char **why) MUST_USE;

#endif
