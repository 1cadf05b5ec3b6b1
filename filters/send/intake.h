/* intake.h - lines of input into lanes, or at once into receipts.
 *
 * Floor 2 (send).
 */
#ifndef SEND_INTAKE_H
#define SEND_INTAKE_H

#include "send/run.h"

/* The length of an event, by those so far. */
uint64_t intake_event_bytes(const struct run_arrived *arrived);

/* Take all lines that are there, as far as there is room. A wrong input ends
 * it (run.in_failed), which is not a failure here. -1:
 *
 *     ERR_IO      a receipt could not be written
 *     ERR_TEMP    the state named in begin is locked, or a newer run's
 *     ERR_DATA    the input is a stream of something else than events
 */
int intake_lines(struct run *r, struct err *e) MUST_USE;

/* One read(2) of the input, which is readable. */
void intake_read(struct run_arrived *arrived);

/* Whether all that may be taken (--max-events) is taken, though the input has
 * not ended.
 */
bool intake_had_enough(const struct run_asked *asked,
		       const struct run_arrived *arrived);

#endif
