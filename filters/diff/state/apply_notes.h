/* apply_notes.h - the notes of a run about the whole state, as a commit takes
 * them
 *
 * Floor 2 (diff). Most notes take effect when the commit has seen all receipts
 * of their run. Three kinds do not wait: the turns of --max-changes, a resend
 * that --full began, and a --keep that keeps more than the state did.
 */
#ifndef DIFF_STATE_APPLY_NOTES_H
#define DIFF_STATE_APPLY_NOTES_H

#include "diff/state/apply_rules.h"

/* After all receipts were read: puts the new notes into t->old. *any: whether a
 * note has changed. ERR_CONFIG.
 */
int apply_notes(struct apply_rules *t, bool *any, struct err *e) MUST_USE;

#endif
