/* apply_spill.h - applies receipts by files, when they exceed --memory.
 *
 * Floor 2 (diff). What apply_early.h does in memory: the change ids and the
 * receipts go to temporary files in parts by change id, where they meet. Each
 * byte is written and read a fixed number of times. In memory are one part, and
 * one byte an intent.
 */
#ifndef DIFF_STATE_APPLY_SPILL_H
#define DIFF_STATE_APPLY_SPILL_H

#include "diff/state/apply.h"

/* Work the answers in, up to their removal: of a state that is loaded but for
 * its intents. As apply.
 */
int apply_spill_settle(struct state *s, bool accept_rejected,
		       struct apply_counts *c, struct err *e) MUST_USE;

#endif
