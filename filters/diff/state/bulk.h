/* bulk.h - answers worked into a state part by part, past --memory.
 *
 * Floor 2 (diff). The same as settle.c does at once, by the same rules
 * (settling.h): the intents go to temporary files twice, in parts by change id,
 * where they meet their answers, and in parts by key, in the order of the
 * snapshot. Each byte is written and read a fixed number of times. In memory
 * are one part, and one byte an intent.
 */
#ifndef DIFF_STATE_BULK_H
#define DIFF_STATE_BULK_H

#include "diff/state/settling.h"

/* Whether the intents of the state, which need not be loaded, are too many for
 * s->memory.
 */
bool bulk_wanted(const struct state *s);

/* Work the answers in, up to their removal. t has old, counts and
 * accept_rejected set. Errors as settle.
 */
int bulk_settle(struct state *s, struct settling *t, struct err *e) MUST_USE;

#endif
