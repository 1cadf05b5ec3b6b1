/* check_changes.h - rudder check: whether the rows fit rudder-diff's options.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_CHECK_CHANGES_H
#define SYNC_CHECK_CHANGES_H

#include "sync/check_steps.h"
#include "sync/sync_file.h"

/* Whether the query of a run can be made, with its cursor: the step "cursor".
 * Without a cursor there is no step.
 */
void check_changes_cursor(struct check_steps *steps, const struct sync_file *f);

/* Whether rudder-diff takes the options of a destination and the columns of the
 * model, tried with one row and a state that does not exist.
 */
bool check_changes(struct check_steps *steps, const struct sync_file *f,
		   size_t destination, const char *step);

#endif
