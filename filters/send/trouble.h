/* trouble.h - warns when the destination has accepted nothing for a while.
 *
 * Floor 2 (send). It prints a warning after ten seconds without an acceptance,
 * and then each minute. Retries stop when the process that started this command
 * has ended: after a SIGTERM make(1) ends the shell of a pipeline, but not its
 * commands, and rudder-send would hold the lock of the state until it gives up.
 */
#ifndef SEND_TROUBLE_H
#define SEND_TROUBLE_H

#include "send/run.h"

/* Call it at the start of the run: remembers the parent process. */
void trouble_init(struct run_known *known);

/* Notes why a request failed, or cannot be made. of_host: why is from a reply,
 * and does not name the host.
 */
void trouble_note(struct run_known *known, const char *why, bool of_host);

/* Prints the warning when it is due. Call it at least once a second while the
 * run is idle.
 */
void trouble_look(struct run *r);

/* Fills text with the end of a message about a stopped run: the last error, or
 * nothing.
 */
void trouble_last(const struct run_known *known, char *text, size_t size);

#endif
