/* conclude.h - after the last event: the end line, the verdict, the summary.
 *
 * Floor 2 (send).
 */
#ifndef SEND_CONCLUDE_H
#define SEND_CONCLUDE_H

#include "send/run.h"

/* All lanes are empty and all receipts are built. They leave before anything
 * else is tried: what was sent must not be forgotten because the file of
 * --failed cannot be written. Errors as send_run.
 */
int conclude_run(struct run *r, struct err *e) MUST_USE;

/* After an error that ends the run at once: receipts that were earned still
 * leave, if they can. The first error counts.
 */
void conclude_salvage(struct run_leaving *leaving);

/* One line for a person: what was sent, and what happened to it. */
void conclude_summary(struct run *r);

#endif
