/* timestamp.h - parses times as databases and people write them.
 *
 * Floor 2 (query). "2024-01-03", "2024-01-03 10:00", "2024-01-03T10:00:00.25Z",
 * with "+02:00" at the end: a day, and perhaps a time of the day with its
 * offset from UTC. Year 1 to 9999; without an offset the time counts as UTC.
 * The offset may have a blank before it (Sequelize), no colon, or a name behind
 * it (" +0200 CEST", Go).
 */
#ifndef QUERY_TIMESTAMP_H
#define QUERY_TIMESTAMP_H

#include "core/buf.h"
#include "core/err.h"

/* Days since 1970 of a day of the Gregorian calendar, of any year. */
int64_t timestamp_days(int64_t year, int64_t month, int64_t day);

/* The offset that is all of the text, in minutes east of UTC; 0 for none and
 * for "Z". 0, or -1 where it is not an offset.
 */
int timestamp_offset(struct slice s, int *east) MUST_USE;

/* Microseconds since 1970: 0, or -1 where the text is no such time. */
int timestamp_read(struct slice s, int64_t *us) MUST_USE;

/* Checks --since for a column of moments, where a database would read another
 * form in the zone of its session and leave rows out. Words without a digit
 * ("yesterday", "infinity") are the database's own, and so is all that ends
 * with Z if z says that it knows it, as of years that timestamp_read does not
 * read. 0, or -1 with *e set:
 *
 *     ERR_USAGE  it may mean a local time
 */
int timestamp_check(struct slice s, bool z, struct err *e) MUST_USE;

/* The time ms milliseconds earlier in the same form, at the end of b; what that
 * form has no place for is dropped, so it may be earlier still. 0, or -1.
 */
int timestamp_earlier(struct buf *b, struct slice s, uint64_t ms) MUST_USE;

/* The same time as "2024-01-03 10:00:00.25": 0, or -1. */
int timestamp_blank(struct buf *b, struct slice s) MUST_USE;

#endif
