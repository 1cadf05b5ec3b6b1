/* check_changes.h - rudder check: checks that the rows fit the options of
 * rudder-diff.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_CHECK_CHANGES_H
#define SYNC_CHECK_CHANGES_H

#include "core/buf.h"
#include "sync/check_steps.h"
#include "sync/sync_file.h"

/* Checks whether the query of a run can be made, with its cursor or its base of
 * delta, and whether the SQL of if_changed runs: the steps "cursor", "delta"
 * and "if_changed". A step is omitted if the file does not use it.
 */
void check_changes_cursor(struct check_steps *steps, const struct sync_file *f);

/* Checks whether rudder-diff accepts the options of a destination and the
 * columns of the model, with one row and a state that does not exist, and
 * whether an existing state has the same key. If the begin line of its changes,
 * as from a state, names columns, begin is set to that line.
 */
bool check_changes(struct check_steps *steps, const struct sync_file *f,
		   size_t destination, const char *step, struct buf *begin);

/* Checks whether rudder-map accepts changes with this begin line. Empty: rows.
 */
bool check_changes_mapping(struct check_steps *steps, const struct sync_file *f,
			   size_t destination, const char *step,
			   struct slice begin);

/* Whether rudder-send accepts events of changes with this begin line. It does
 * not if the state was delivered to a different destination. If false, why has
 * the reason.
 */
bool check_changes_destination(struct buf *why, const struct sync_file *f,
			       size_t destination, struct slice begin);

#endif
