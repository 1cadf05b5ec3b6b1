/* check_steps.h - the steps of rudder check, shown one by one as they end.
 *
 * Floor 2 (sync). A line has the name of the step, a word (ok, failed, warning,
 * skipped) and some detail, with a tab between, as rudder-query --check has;
 * on a terminal in columns.
 */
#ifndef SYNC_CHECK_STEPS_H
#define SYNC_CHECK_STEPS_H

#include "core/err.h"

struct check_steps {
	bool columns;           /* for people */
	bool accept_connection; /* what a run does with that option */
	size_t failed, n;
	enum err_kind worst; /* of the failed ones */
};

/* What happened to a step; the detail may be empty. What could do harm on a
 * terminal becomes a space.
 */
void check_steps_ok(struct check_steps *s, const char *step,
		    const char *detail);
void check_steps_left_out(struct check_steps *s, const char *step,
			  const char *detail);
void check_steps_warn(struct check_steps *s, const char *step,
		      const char *detail);
void check_steps_failed(struct check_steps *s, const char *step,
			enum err_kind kind, const char *detail);

#endif
