/* commit_open.h - opens the state of a commit, which may be created only later.
 *
 * Floor 2 (diff). In a pipe the commit starts at the same time as the
 * rudder-diff that creates the folder in a first run.
 */
#ifndef DIFF_COMMIT_OPEN_H
#define DIFF_COMMIT_OPEN_H

#include "diff/commit.h"
#include "diff/state/state.h"

/* Opens the state: 0, or 1 if it is missing and nothing is to do, as after a
 * dry run. A missing state is created only for rudder run, which cannot mistype
 * its name. Otherwise the commit waits for the first line of its input, which
 * comes after rudder-diff has created the folder; if that line is about a
 * failed stage, for half a second more. Errors as state_open; ERR_INPUT if
 * there is no such state; ERR_ABORT, or no text, if an earlier stage has
 * reported why.
 */
int commit_open(struct state *s, const struct commit_options *o, int in,
		struct err *e) MUST_USE;

#endif
