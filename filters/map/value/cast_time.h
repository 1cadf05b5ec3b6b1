/* cast_time.h - times as RFC 3339, from text and from numbers.
 *
 * Floor 2 (map), for cast.c.
 */
#ifndef MAP_VALUE_CAST_TIME_H
#define MAP_VALUE_CAST_TIME_H

#include "core/buf.h"

/* Appends the time in s to b, without quotes. Returns 0, or -1 if s is not a
 * time. s is a date, optionally with a time of day after T or a blank; the
 * seconds, a fraction, and an offset are optional. The offset may be as people,
 * Go and databases write it ("Z", "+02", " +0200", " +0000 UTC", " UTC");
 * without an offset the time is UTC. The day must exist, and second 60 is
 * allowed only before midnight UTC.
 */
int cast_time_text(struct slice s, struct buf *b) MUST_USE;

/* The same for a JSON number: seconds since 1970, which may be negative or have
 * decimals. The unit is chosen by size: from 10^11 (year 5138) on milliseconds,
 * from 10^14 on microseconds, from 10^17 on nanoseconds.
 */
int cast_time_number(struct slice s, struct buf *b) MUST_USE;

#endif
