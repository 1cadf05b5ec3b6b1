/* check_changes.h - rudder check: whether the rows fit rudder-diff's options.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_CHECK_CHANGES_H
#define SYNC_CHECK_CHANGES_H

#include "core/buf.h"
#include "sync/check_steps.h"
#include "sync/sync_file.h"

/* Whether the query of a run can be made, with its cursor or its base of delta,
 * and whether SQL of if_changed runs: the steps "cursor", "delta" and
 * "if_changed". Without these there is no step.
 */
void check_changes_cursor(struct check_steps *steps, const struct sync_file *f);

/* Whether rudder-diff takes the options of a destination and the columns of the
 * model, tried with one row and a state that does not exist, and whether the
 * state, if there is one, has the same key. Then begin has the begin line of
 * its changes as of a state, if that names columns.
 */
bool check_changes(struct check_steps *steps, const struct sync_file *f,
		   size_t destination, const char *step, struct buf *begin);

/* Whether rudder-map takes the changes that begin so. An empty line: rows. */
bool check_changes_mapping(struct check_steps *steps, const struct sync_file *f,
			   size_t destination, const char *step,
			   struct slice begin);

/* Whether rudder-send takes events of the changes that begin so: not if the
 * state was delivered to a different destination. Else why has the reason.
 */
bool check_changes_destination(struct buf *why, const struct sync_file *f,
			       size_t destination, struct slice begin);

#endif
