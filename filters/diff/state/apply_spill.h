/* apply_spill.h - applies receipts part by part, when they exceed --memory.
 *
 * Floor 2 (diff). The same as apply.c does at once, by the same rules
 * (apply_rules.h): the intents go to temporary files twice, in parts by change
 * id, where they meet their answers, and in parts by key, in the order of the
 * snapshot. Each byte is written and read a fixed number of times. In memory
 * are one part, and one byte an intent.
 */
#ifndef DIFF_STATE_APPLY_SPILL_H
#define DIFF_STATE_APPLY_SPILL_H

#include "diff/state/apply_rules.h"

/* Whether the intents of the state, which need not be loaded, are too many for
 * s->memory.
 */
bool apply_spill_wanted(const struct state *s);

/* Work the answers in, up to their removal. t has old, counts and
 * accept_rejected set. Errors as settle.
 */
int apply_spill_settle(struct state *s, struct apply_rules *t,
		       struct err *e) MUST_USE;

#endif
