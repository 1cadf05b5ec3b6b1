/* clock.h - the time now, and random bytes.
 *
 * Floor 0. Waiting is measured by the monotonic clock, stamps are wall time in
 * UTC. The wall clock may be wrong or set back: compare times with moment.h.
 * Tests that need the same random bytes in every run replace getrandom(2)
 * (tests/tool/shim.c).
 */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include "core/buf.h"
#include "core/err.h"

/* Milliseconds since some moment in the past; never goes back. */
uint64_t clock_mono_ms(void);

/* Milliseconds since 1970-01-01T00:00:00Z. */
uint64_t clock_wall_ms(void);

/* A wall time as "2026-11-22T05:44:48.120Z" (RFC 3339) at the end of b. */
void clock_stamp(struct buf *b, uint64_t wall_ms);

/* Reads such a text, from 1970 on: 0, or -1 if it has a different form. */
int clock_read_stamp(struct slice stamp, uint64_t *wall_ms) MUST_USE;

/* Fill n bytes (at most 256) with random bits, by getrandom(2). */
void clock_random(void *p, size_t n);

/* Appends a new run id to b: 20 characters [0-9a-v], ordered by time, in the
 * form of RudderStack's job_run_id.
 */
void clock_run_id(struct buf *b);

/* Whether a text has the form of a run id: 20 characters [0-9a-v]. */
bool clock_is_run_id(struct slice id);

/* Appends the run id in RUDDER_RUN_ID to b, or a new one if that is unset or
 * empty. ERR_CONFIG if it is not a run id.
 */
int clock_given_run_id(struct buf *b, struct err *e) MUST_USE;

/* The start of a run, from its id: true with *wall_ms set. False if the id was
 * not made by clock_run_id: another form, or a time before 2020 or more than a
 * day in the future.
 */
bool clock_run_start(struct slice id, uint64_t *wall_ms);

/* Broken-down UTC of days since 1970-01-01 in the proleptic Gregorian
 * calendar: year (may be negative), month 1-12, day 1-31.
 */
void clock_civil(int64_t days, int64_t *year, int *month, int *day);

#endif
