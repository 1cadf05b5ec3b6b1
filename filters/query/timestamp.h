/* timestamp.h - parses times as databases and people write them.
 *
 * Floor 2 (query). "2024-01-03", "2024-01-03 10:00", "2024-01-03T10:00:00.25Z",
 * with "+02:00" at the end: a date, and perhaps a time of day with its offset
 * from UTC. The year is from 1 to 9999. A time without an offset is in UTC. The
 * offset may have a blank before it (Sequelize), no colon, or a name after it
 * (" +0200 CEST", Go).
 */
#ifndef QUERY_TIMESTAMP_H
#define QUERY_TIMESTAMP_H

#include "core/buf.h"
#include "core/err.h"

/* Days since 1970 of a date in the Gregorian calendar, of any year. */
int64_t timestamp_days(int64_t year, int64_t month, int64_t day);

/* Parses a text that is only an offset, in minutes east of UTC; an empty text
 * and "Z" are 0. Returns 0, or -1 if it is not an offset.
 */
int timestamp_offset(struct slice s, int *east) MUST_USE;

/* Parses a time to microseconds since 1970. Returns 0, or -1 if the text has
 * another form.
 */
int timestamp_read(struct slice s, int64_t *us) MUST_USE;

/* Checks --since for a column of timestamps with a time zone: the database
 * would read another form in the time zone of its session, and leave rows out.
 * Words without a digit ("yesterday", "infinity") are the database's own. If z,
 * the database knows Z, and every text that ends with Z is accepted, for
 * instance with years that timestamp_read does not parse. Returns 0, or -1 with
 * *e set:
 *
 *     ERR_USAGE  it may be a local time
 */
int timestamp_check(struct slice s, bool z, struct err *e) MUST_USE;

/* Appends the time ms milliseconds earlier to b, in the same form. What that
 * form cannot express is dropped, so it may be even earlier. Returns 0, or -1
 * if s is not a time.
 */
int timestamp_earlier(struct buf *b, struct slice s, uint64_t ms) MUST_USE;

/* Appends the same time in UTC as "2024-01-03 10:00:00.25". Returns 0, or -1 if
 * s is not a time.
 */
int timestamp_blank(struct buf *b, struct slice s) MUST_USE;

#endif
