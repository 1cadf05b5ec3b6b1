/* expect.h - expectations of a run: --expect 'failed<1%'.
 *
 * Floor 2 (diff). An expectation is NAME OPERATOR VALUE. NAME is a count of
 * the record of a run (runs.h), "changes" or "duration". OPERATOR is one of
 * < <= > >= =. VALUE is a number, N% of the rows or receipts of the run,
 * N*last, which is N times that count of the last complete run, or a duration.
 */
#ifndef DIFF_EXPECT_H
#define DIFF_EXPECT_H

#include "core/opt.h"
#include "diff/state/runs.h"

/* Whether all expectations are valid. ERR_USAGE. */
int expect_valid(const struct opt_list *list, struct err *e) MUST_USE;

/* Whether the run meets all expectations: 0, or -1 ERR_EXPECT with those that
 * it does not meet. last is the last complete run before it, or NULL: then a
 * comparison with it counts as met.
 */
int expect_met(const struct opt_list *list, const struct run_record *r,
	       const struct run_record *last, struct err *e) MUST_USE;

#endif
