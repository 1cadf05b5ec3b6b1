/* apply_plan.h - rudder apply: the events of a plan are sent once, or declined.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_APPLY_PLAN_H
#define SYNC_APPLY_PLAN_H

#include "core/err.h"

struct apply_options {
	const char *plan; /* a file of rudder plan */
	bool decline;     /* nothing is sent; the next run offers it again */
};

/* 0, or -1 with the status of the delivery, without a text where the tools have
 * said what failed; ERR_INPUT where there is no such file; ERR_CONFIG where it
 * is not a plan, was edited, or its sync file delivers in another way now;
 * ERR_TEMP where it has expired, or was applied or declined before: make a new
 * one.
 */
int apply_plan(const struct apply_options *o, struct err *e) MUST_USE;

#endif
