/* check_people.h - checks whether a sync can leave old users at its
 * destination.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_CHECK_PEOPLE_H
#define SYNC_CHECK_PEOPLE_H

#include "core/buf.h"
#include "core/slice.h"

/* Reads the begin lines of the rows and of the events that a mapping makes of
 * them; each must be the first line. Returns true, with a warning appended to
 * why, if the destination identifies users only by columns that are neither key
 * nor identity: when such a column changes in a row, the old user is not
 * deleted. Only for identify and record events, which contain no other
 * reference to the row; false if anything is not known.
 */
bool check_people_stay(struct buf *why, struct slice rows, struct slice events);

#endif
