/* apply_plan.h - rudder apply: sends the events of a plan once, or declines
 * them.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_APPLY_PLAN_H
#define SYNC_APPLY_PLAN_H

#include "core/err.h"

struct apply_options {
	const char *plan; /* a file of rudder plan */
	bool decline;     /* send nothing; the next run offers it again */
};

/* Returns 0, or -1 with the status of the delivery; the error has no text if
 * the tools have reported it. ERR_INPUT if there is no such file; ERR_CONFIG if
 * it is not a plan, was edited, or its sync file now delivers in a different
 * way; ERR_TEMP if it has expired, or was already applied or declined: make a
 * new plan.
 */
int apply_plan(const struct apply_options *o, struct err *e) MUST_USE;

#endif
