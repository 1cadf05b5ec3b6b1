/* commit_glance.h - the usual receipt, known by its bytes.
 *
 * Floor 2 (diff). Nearly every receipt is of an accepted change of one event,
 * and has the form in which rudder-send writes it. Where every byte is as
 * expected the line need not be read as JSON; all others are.
 */
#ifndef DIFF_COMMIT_GLANCE_H
#define DIFF_COMMIT_GLANCE_H

#include "wire/json/hash.h"

/* Whether the bytes start with such a receipt and its LF: its change id, and
 * the length of the line without LF. READER_PAD bytes behind them may be read.
 */
bool commit_glance(struct slice rest, struct hash *change, size_t *n);

#endif
