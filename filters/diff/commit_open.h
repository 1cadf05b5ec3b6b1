/* commit_open.h - opens the state of a commit, which may be there only later.
 *
 * Floor 2 (diff). In a pipe the commit starts beside the rudder-diff that makes
 * the folder of a first run.
 */
#ifndef DIFF_COMMIT_OPEN_H
#define DIFF_COMMIT_OPEN_H

#include "diff/commit.h"
#include "diff/state/state.h"

/* Opens the state: 0, or 1 where there is none and nothing to do, as after a
 * dry run. A state that is not there is made only for rudder run, where its
 * name cannot be mistyped. Else the commit waits for the first line of its
 * input, which comes after rudder-diff has made the folder, or half a
 * second more if it is about a stage that failed. Errors as state_open,
 * ERR_INPUT where there is no such state; ERR_ABORT, or no text, where a stage
 * before has said why.
 */
int commit_open(struct state *s, const struct commit_options *o, int in,
		struct err *e) MUST_USE;

#endif
