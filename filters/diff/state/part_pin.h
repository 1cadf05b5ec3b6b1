/* part_pin.h - the part of a table that a state belongs to: the file `part`.
 *
 * Floor 2 (diff). rudder-query --partition reads one of N parts of a model, and
 * each part has a state. Rows of another part, of another number of parts, or
 * of the whole table would delete what only lies in another state, so they are
 * refused. The file is made before the first change leaves; a state without it
 * is of a whole table.
 */
#ifndef DIFF_STATE_PART_PIN_H
#define DIFF_STATE_PART_PIN_H

#include "diff/keys/key.h"
#include "diff/state/state.h"

/* At the begin line, of which part is the member `part`, or empty, and key the
 * one of the rows there; own is the key of the run. Makes or removes the file
 * where the state is new, but not in a dry run. 0, or -1 with *e set:
 *
 *     ERR_CONFIG  the state is of another part, or the key is another
 *     ERR_USAGE   with --identity
 *     ERR_CREATE ERR_IO
 */
int part_pin_begin(const struct state *s, bool dry, struct slice part,
		   struct slice key, const struct key *own,
		   struct err *e) MUST_USE;

/* Whether the key of the rows of a part is that of the run. Errors as above. */
int part_pin_check_key(struct slice key, const struct key *own,
		       struct err *e) MUST_USE;

/* Before --rebase to that part writes the state: until part_pin_replace no run
 * may use it.
 */
int part_pin_suspend(const struct state *s, struct slice part,
		     struct err *e) MUST_USE;

/* The state is of that part now, or where it is empty of a whole table. */
int part_pin_replace(const struct state *s, struct slice part,
		     struct err *e) MUST_USE;

/* As a member for --status, at the end of b; nothing without a part. */
void part_pin_show(const struct state *s, struct buf *b);

#endif
