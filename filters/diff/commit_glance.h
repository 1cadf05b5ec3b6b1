/* commit_glance.h - the usual receipt, recognized by its bytes.
 *
 * Floor 2 (diff). Nearly every receipt is for an accepted change of one event,
 * in the form in which rudder-send writes it. If every byte is as expected, the
 * line need not be parsed as JSON; all other lines are.
 */
#ifndef DIFF_COMMIT_GLANCE_H
#define DIFF_COMMIT_GLANCE_H

#include "wire/json/hash.h"

/* Whether the bytes start with such a receipt and its LF; if so, sets its
 * change id, and the length of the line without LF. READER_PAD bytes after them
 * may be read.
 */
bool commit_glance(struct slice rest, struct hash *change, size_t *n);

#endif
