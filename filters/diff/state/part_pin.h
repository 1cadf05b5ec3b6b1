/* part_pin.h - the part of a table that a state belongs to: the file `part`.
 *
 * Floor 2 (diff). rudder-query --partition reads one of N parts of a model, and
 * each part has its own state. Rows of a different part, of a different number
 * of parts, or of the whole table would delete keys that are only in other
 * states, so they are refused. The file is created before the first change
 * leaves; a state without the file is of a whole table.
 */
#ifndef DIFF_STATE_PART_PIN_H
#define DIFF_STATE_PART_PIN_H

#include "diff/keys/key.h"
#include "diff/state/state.h"

/* Checks the begin line: part is its member `part`, or empty, and key is the
 * key by which the rows were partitioned; own is the key of the run. Creates or
 * removes the file if the state is new, but not in a dry run. 0, or -1 with *e
 * set:
 *
 *     ERR_CONFIG  the state is of a different part, or the keys differ
 *     ERR_USAGE   with --identity
 *     ERR_CREATE ERR_IO
 */
int part_pin_begin(const struct state *s, bool dry, struct slice part,
		   struct slice key, const struct key *own,
		   struct err *e) MUST_USE;

/* Whether the rows were partitioned by the key of the run. Errors as above. */
int part_pin_check_key(struct slice key, const struct key *own,
		       struct err *e) MUST_USE;

/* Call it before --rebase to a different part writes the state: blocks the
 * state for runs until part_pin_replace.
 */
int part_pin_suspend(const struct state *s, struct slice part,
		     struct err *e) MUST_USE;

/* Records that the state is of that part now, or of a whole table if it is
 * empty.
 */
int part_pin_replace(const struct state *s, struct slice part,
		     struct err *e) MUST_USE;

/* Adds the part as a member to b, for --status; nothing without a part. */
void part_pin_show(const struct state *s, struct buf *b);

#endif
