/* intake.h - puts the events of the input into lanes, or refuses them at once.
 *
 * Floor 2 (send).
 */
#ifndef SEND_INTAKE_H
#define SEND_INTAKE_H

#include "send/run.h"

/* The average length of the events so far, in bytes, at least 1. */
uint64_t intake_event_bytes(const struct run_arrived *arrived);

/* Takes all lines that are already read, as long as the lanes have room. An
 * invalid input ends the intake (arrived.failed) and still returns 0. -1:
 *
 *     ERR_IO      a receipt could not be written
 *     ERR_TEMP    the state named in begin is locked, or a newer run's
 *     ERR_DATA the input is a stream of rows, changes or receipts
 */
int intake_lines(struct run *r, struct err *e) MUST_USE;

/* Reads the input once. Call it when the input is readable. */
void intake_read(struct run_arrived *arrived);

/* Whether --max-events events were taken before the input ended. */
bool intake_had_enough(const struct run_asked *asked,
		       const struct run_arrived *arrived);

#endif
