/* cast_time.h - times as RFC 3339, from text and from numbers.
 *
 * Floor 2 (map), for cast.c.
 */
#ifndef MAP_VALUE_CAST_TIME_H
#define MAP_VALUE_CAST_TIME_H

#include "core/buf.h"

/* The time at the end of b, without quotes: 0, or -1 where the text is not one.
 * A date, or a date and a time behind T or a blank, perhaps without seconds,
 * with a fraction, and with an offset as people, Go and databases write it
 * ("Z", "+02", " +0200", " +0000 UTC", " UTC"); without one it is UTC. The day
 * must be there, and a second 60 only before midnight UTC.
 */
int cast_time_text(struct slice s, struct buf *b) MUST_USE;

/* The same for a JSON number: seconds since 1970, of either sign, with decimals
 * or without; from 100,000,000,000 on (year 5138) milliseconds, from 10^14 on
 * microseconds, from 10^17 on nanoseconds.
 */
int cast_time_number(struct slice s, struct buf *b) MUST_USE;

#endif
