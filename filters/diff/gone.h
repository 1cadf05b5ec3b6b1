/* gone.h - keys that did not come: deletes, and what stands for them.
 *
 * Floor 2 (diff). Only after all rows of a complete input.
 */
#ifndef DIFF_GONE_H
#define DIFF_GONE_H

#include "diff/run.h"

/* In mode mirror the deletes of all keys that are gone, unless a delete guard
 * blocks them: then *blocked says so and r->held is their number. In other
 * modes keys without an answer that are gone leave as skips. 0, or -1 as
 * emit_change.
 */
int gone_keys(struct run *r, struct err *blocked, struct err *e) MUST_USE;

/* The text of a key that is about to leave, and that the snapshot does not
 * have, or has parked: if it has the same key as another type, 7 for "7", that
 * one is parked, since the destination may hold one of them only. As emit_skip.
 */
int gone_retyped(struct run *r, struct slice text, struct err *e) MUST_USE;

#endif
