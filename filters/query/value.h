/* value.h - the values of a database as JSON text.
 *
 * Floor 2 (query). One rendering for all sources, described in
 * rudder-query(1): numbers keep every digit, dates and times look as
 * RudderStack writes them, what JSON cannot say is a string.
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

/* "2004-10-19T00:00:00Z" of days since 1970-01-01. Years beyond 9999 and
 * before 0 have a sign (ISO 8601, expanded): "+10000-…", "-0043-…", where
 * year 0 is 1 BC.
 */
void value_date(struct buf *b, int64_t days);

/* "2004-10-19T10:23:54.25Z" of days since 1970-01-01 and microseconds of the
 * day; the fraction without zeros at its end.
 */
void value_stamp(struct buf *b, int64_t days, int64_t us);

/* "0000-01-01T10:23:54Z" of microseconds of the day, east of UTC by seconds
 * ("+02:00") unless utc. What is outside of a day, as a broken file may have
 * it, is the nearer end of the day.
 */
void value_time(struct buf *b, int64_t us, bool utc, int east);

/* The same three from text as databases write it: "2004-10-19",
 * "2004-10-19 10:23:54.250" (T for the blank, Z at the end allowed, seconds
 * may be missing), "10:23[:54[.25]]". 0, or -1 with nothing written where the
 * text is of another form.
 */
int value_date_text(struct buf *b, struct slice s) MUST_USE;
int value_stamp_text(struct buf *b, struct slice s) MUST_USE;
int value_time_text(struct buf *b, struct slice s) MUST_USE;

/* Whether the text is a number by JSON's grammar (RFC 8259, 6). */
bool value_is_number(struct slice s);

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
