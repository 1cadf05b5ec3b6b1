/* check_people.h - whether a sync can leave old users at its destination.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_CHECK_PEOPLE_H
#define SYNC_CHECK_PEOPLE_H

#include "core/buf.h"
#include "core/slice.h"

/* Looks at the begin lines of the rows, and of the events that a mapping makes
 * of them, each the first of its output. True with a warning at the end of why
 * where the destination knows users only by columns outside of the key and the
 * identity: when such a column changes in a row, the old user stays. Only of
 * identify and record events, which have no other trace of the row; false where
 * anything is not known.
 */
bool check_people_stay(struct buf *why, struct slice rows, struct slice events);

#endif
