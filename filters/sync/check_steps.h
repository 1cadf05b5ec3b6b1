/* check_steps.h - prints the steps of rudder check one by one, as they end.
 *
 * Floor 2 (sync). A line has the name of the step, a word (ok, failed, warning,
 * skipped) and a detail, separated by tabs as in rudder-query --check; on a
 * terminal in columns.
 */
#ifndef SYNC_CHECK_STEPS_H
#define SYNC_CHECK_STEPS_H

#include "core/err.h"

struct check_steps {
	bool columns;           /* align in columns, for a terminal */
	bool accept_connection; /* the option --accept-connection of a run */
	size_t failed, n;
	enum err_kind worst; /* worst error of the failed steps */
};

/* Prints the result of a step; the detail may be empty. Control characters
 * become spaces.
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
