/* time_text.h - dates and times in files, as databases and languages write
 * them.
 *
 * Floor 2 (query). A day is "2004-10-19"; years beyond 9999 or with a sign as
 * rudder-query writes them, "-0043-03-15", or with " BC" at the end as
 * PostgreSQL does. A time follows a blank or T, with any digits of the second;
 * behind it Z, UTC, or an offset: "+02", "-0330", "+02:00", "+01:02:03". A time
 * without one is in UTC. "infinity" and "-infinity" are themselves.
 */
#ifndef QUERY_TIME_TEXT_H
#define QUERY_TIME_TEXT_H

#include "core/buf.h"

/* The text as rudder-query(1) writes its type, at the end of b: 0, or -1 with
 * nothing written where it is of no such form or no day of the calendar. The
 * time of a date must be midnight, without an offset but Z; a datetime may be
 * a day alone; a time may be one that rudder-query wrote.
 */
int time_text_date(struct buf *b, struct slice s) MUST_USE;
int time_text_datetime(struct buf *b, struct slice s) MUST_USE;
int time_text_time(struct buf *b, struct slice s) MUST_USE;

#endif
