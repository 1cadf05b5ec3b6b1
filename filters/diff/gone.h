/* gone.h - keys that did not come: deletes, and what stands for them.
 *
 * Floor 2 (diff). Only after all rows of a complete input.
 */
#ifndef DIFF_GONE_H
#define DIFF_GONE_H

#include "diff/run.h"

/* In mode mirror the deletes of all keys that are gone, unless a brake holds
 * them: then *brake says so and r->held is their number. In other modes keys
 * without an answer that are gone leave as skips. 0, or -1 as emit_change.
 */
int gone_keys(struct run *r, struct err *brake, struct err *e) MUST_USE;

#endif
