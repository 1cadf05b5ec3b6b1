/* apply_spill.h - applies receipts by files, when they exceed --memory.
 *
 * Floor 2 (diff). Does on disk what apply_early.h does in memory: change ids
 * and receipts go to temporary files, in parts by change id, and are matched
 * part by part. Each byte is written and read a fixed number of times. Memory
 * holds one part, and one byte for each intent.
 */
#ifndef DIFF_STATE_APPLY_SPILL_H
#define DIFF_STATE_APPLY_SPILL_H

#include "diff/state/apply.h"

/* Applies the receipts up to their removal. The state must be loaded except for
 * its intents. Errors as apply.
 */
int apply_spill_settle(struct state *s, bool accept_rejected,
		       struct apply_counts *c, struct err *e) MUST_USE;

#endif
