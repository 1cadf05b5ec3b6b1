/* time_text.h - converts dates and times in files, as databases and languages
 * write them.
 *
 * Floor 2 (query). A date is "2004-10-19". Years above 9999 or with a sign are
 * as rudder-query writes them, "-0043-03-15", or with " BC" at the end like
 * PostgreSQL's. A time follows a blank or T, with any number of decimals. After
 * it there may be Z, UTC, or an offset: "+02", "-0330", "+02:00", "+01:02:03".
 * A time without one is in UTC. "infinity" and "-infinity" are kept.
 */
#ifndef QUERY_TIME_TEXT_H
#define QUERY_TIME_TEXT_H

#include "core/buf.h"

/* Append the text to b in the form of rudder-query(1) for its type. Return 0,
 * or -1 with nothing written if it has another form or is not in the calendar.
 * A date may have a time only if that is midnight in UTC; a datetime may be a
 * date alone; a time may be one that rudder-query wrote.
 */
int time_text_date(struct buf *b, struct slice s) MUST_USE;
int time_text_datetime(struct buf *b, struct slice s) MUST_USE;
int time_text_time(struct buf *b, struct slice s) MUST_USE;

#endif
