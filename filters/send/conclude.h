/* conclude.h - after the last event: the end line, the verdict, the summary.
 *
 * Floor 2 (send).
 */
#ifndef SEND_CONCLUDE_H
#define SEND_CONCLUDE_H

#include "send/run.h"

/* Call it when all lanes are empty and all receipts are built. Writes the
 * receipts first: what was sent must not be lost because the file of --failed
 * cannot be written. Errors as send_run.
 */
int conclude_run(struct run *r, struct err *e) MUST_USE;

/* Call it after an error that ends the run at once: tries to write the receipts
 * of events whose outcome is known. Further errors are ignored; the caller
 * reports the first one.
 */
void conclude_salvage(struct run_leaving *leaving);

/* Prints one line for a person: how many events were sent, and their outcomes.
 */
void conclude_summary(struct run *r);

#endif
