/* value_time.h - writes the dates and times of a database as JSON.
 *
 * Floor 2 (query). All sources use the same form, that of RudderStack,
 * described in rudder-query(1).
 */
#ifndef QUERY_VALUE_TIME_H
#define QUERY_VALUE_TIME_H

#include "core/buf.h"

/* Appends "2004-10-19T00:00:00Z", from days since 1970-01-01. Years above 9999
 * and below 0 have a sign (ISO 8601, expanded): "+10000-…", "-0043-…", where
 * year 0 is 1 BC.
 */
void value_time_date(struct buf *b, int64_t days);

/* Appends "2004-10-19T10:23:54.25Z", from days since 1970-01-01 and
 * microseconds of the day. The fraction has no trailing zeros.
 */
void value_time_stamp(struct buf *b, int64_t days, int64_t us);

/* Appends "0000-01-01T10:23:54Z", from microseconds of the day; unless utc,
 * with the offset of `east` seconds east of UTC ("+02:00"). A value outside the
 * day, as in a damaged file, becomes the nearer end of the day.
 */
void value_time_clock(struct buf *b, int64_t us, bool utc, int east);

/* The same from text as databases write it: "2004-10-19", "2004-10-19
 * 10:23:54.250" (T instead of the blank, an offset or Z at the end, no seconds
 * are allowed), "10:23[:54[.25]]". Return 0, or -1 with nothing written if the
 * text has another form.
 */
int value_time_date_text(struct buf *b, struct slice s) MUST_USE;
int value_time_stamp_text(struct buf *b, struct slice s) MUST_USE;
int value_time_clock_text(struct buf *b, struct slice s) MUST_USE;

#endif
