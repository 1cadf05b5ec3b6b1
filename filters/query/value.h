/* value.h - the values of a database as JSON text.
 *
 * Floor 2 (query). One rendering for all sources, described in
 * rudder-query(1): numbers keep every digit, what JSON cannot say is a string.
 * Dates and times are in value_time.h.
 */
#ifndef QUERY_VALUE_H
#define QUERY_VALUE_H

#include "core/buf.h"
#include "wire/json/scan.h"

void value_int(struct buf *b, int64_t v);

/* The shortest digits that read back as the same number; "NaN", "Infinity"
 * and "-Infinity" as strings. Plain from 1e-6 to 1e21, else as 1.5e-7.
 */
void value_double(struct buf *b, double v);
void value_float(struct buf *b, float v);

/* Any text as a JSON string: 0, or -1 where it is not UTF-8 (RFC 3629); the
 * end of b then holds a part of it.
 */
int value_text(struct buf *b, struct slice s) MUST_USE;

/* Bytes as a JSON string of base64 with padding (RFC 4648, 4). */
void value_binary(struct buf *b, struct slice s);

/* JSON text without the white space between its tokens. The text must be
 * valid: 0, or -1 where it is nested so deep that no reader takes the row.
 */
int value_compact(struct buf *b, struct slice text) MUST_USE;

/* JSON text of unknown worth: checked, then compacted. 0, or -1 with the
 * reason in *why. scratch is memory.
 */
int value_json(struct buf *b, struct slice text, struct scan *scan,
	       struct buf *scratch, const char **why) MUST_USE;

/* The same for a column of JSON in which a database lets any text be: what is
 * not JSON is a string. JSON with a name twice in one object is neither: -1.
 */
int value_json_text(struct buf *b, struct slice text, struct scan *scan,
		    struct buf *scratch, const char **why) MUST_USE;

#endif
