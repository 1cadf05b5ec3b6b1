/* trouble.h - a destination that accepts nothing for a while.
 *
 * Floor 2 (send). After ten seconds without an acceptance one line says so, and
 * then one a minute. When the process that started this command has ended, no
 * more is tried: make(1) that gets SIGTERM ends the shell of a pipeline, but
 * not the pipeline, and the lock of the state would be held until time is up.
 */
#ifndef SEND_TROUBLE_H
#define SEND_TROUBLE_H

#include "send/run.h"

/* At the start of the run. */
void trouble_init(struct run_known *known);

/* A request failed, or cannot be made, for that reason. */
void trouble_note(struct run_known *known, const char *why, bool of_host);

/* At least once a second while nothing else is to be done. */
void trouble_look(struct run *r);

/* What a message about a stopped run ends in: the last error, or nothing. */
void trouble_last(const struct run_known *known, char *text, size_t size);

#endif
