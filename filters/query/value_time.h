/* value_time.h - dates and times of a database as JSON text.
 *
 * Floor 2 (query). One form for all sources, described in rudder-query(1): as
 * RudderStack writes them.
 */
#ifndef QUERY_VALUE_TIME_H
#define QUERY_VALUE_TIME_H

#include "core/buf.h"

/* "2004-10-19T00:00:00Z" of days since 1970-01-01. Years beyond 9999 and
 * before 0 have a sign (ISO 8601, expanded): "+10000-…", "-0043-…", where
 * year 0 is 1 BC.
 */
void value_time_date(struct buf *b, int64_t days);

/* "2004-10-19T10:23:54.25Z" of days since 1970-01-01 and microseconds of the
 * day; the fraction without zeros at its end.
 */
void value_time_stamp(struct buf *b, int64_t days, int64_t us);

/* "0000-01-01T10:23:54Z" of microseconds of the day, east of UTC by seconds
 * ("+02:00") unless utc. What is outside of a day, as a broken file may have
 * it, is the nearer end of the day.
 */
void value_time_clock(struct buf *b, int64_t us, bool utc, int east);

/* The same three from text as databases write it: "2004-10-19",
 * "2004-10-19 10:23:54.250" (T for the blank, Z at the end allowed, seconds
 * may be missing), "10:23[:54[.25]]". 0, or -1 with nothing written where the
 * text is of another form.
 */
int value_time_date_text(struct buf *b, struct slice s) MUST_USE;
int value_time_stamp_text(struct buf *b, struct slice s) MUST_USE;
int value_time_clock_text(struct buf *b, struct slice s) MUST_USE;

#endif
