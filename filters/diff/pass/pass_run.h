/* pass_run.h - one pass over the rows of a model: what leaves as a change.
 *
 * Floor 2 (diff). The heart of rudder-diff, for a state (diff.c) and for two
 * files (compare.c): they say what is known, this reads and decides.
 */
#ifndef DIFF_PASS_PASS_RUN_H
#define DIFF_PASS_PASS_RUN_H

#include "diff/pass/pass.h"

/* The settings. The rest is zero: the caller sets old, seed and key, and for
 * a state known, and state unless it is a dry run. ERR_USAGE.
 */
int pass_run_init(struct pass *r, const struct diff_options *o,
		  struct err *e) MUST_USE;
void pass_run_clear(struct pass *r);

/* What the state notes, and the options that change it, once the key and the
 * seed are known. NULL for two files. ERR_USAGE.
 */
int pass_run_notes(struct pass *r, const struct slice note[SNAPSHOT_NOTES],
		   struct err *e) MUST_USE;

/* Where changes go: to fd, which pass_run_all closes. */
void pass_run_output(struct pass *r, int fd);

/* Read r->arrived.in to its end, with all that belongs to it. 0, or -1 with the
 * verdict, as diff_run.
 */
int pass_run_all(struct pass *r, struct err *e) MUST_USE;

#endif
