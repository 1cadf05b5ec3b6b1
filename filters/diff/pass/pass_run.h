/* pass_run.h - one pass over the rows of a model: what leaves as a change.
 *
 * Floor 2 (diff). The core of rudder-diff, both for a state (diff.c) and for
 * two files (compare.c): they provide what is known of the destination, the
 * pass reads rows and decides.
 */
#ifndef DIFF_PASS_PASS_RUN_H
#define DIFF_PASS_PASS_RUN_H

#include "diff/pass/pass.h"

/* Initializes from the options. The rest is zero: the caller sets old, seed and
 * key; for a state also known, and state unless it is a dry run. ERR_USAGE.
 */
int pass_run_init(struct pass *r, const struct diff_options *o,
		  struct err *e) MUST_USE;
void pass_run_clear(struct pass *r);

/* Applies the notes of the state and the options that change them, after key
 * and seed are set. note is NULL for two files. ERR_USAGE.
 */
int pass_run_notes(struct pass *r, const struct slice note[SNAPSHOT_NOTES],
		   struct err *e) MUST_USE;

/* Sets the output to fd, which pass_run_all closes. */
void pass_run_output(struct pass *r, int fd);

/* Reads r->arrived.in to its end and does everything that a run does. 0, or -1
 * with the verdict, as diff_run.
 */
int pass_run_all(struct pass *r, struct err *e) MUST_USE;

#endif
