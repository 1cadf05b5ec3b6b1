/* mass_change.h - warns when nearly every row changed, and names the columns.
 *
 * Floor 2 (diff). A new column, or a driver that writes values differently,
 * changes every row. The user should see that before paying for all the events.
 * A sample of the rows (sample.h) shows which columns changed.
 */
#ifndef DIFF_PASS_MASS_CHANGE_H
#define DIFF_PASS_MASS_CHANGE_H

#include "diff/state/sample.h"

/* No warning up to this number of updates. */
enum { MASS_CHANGE_FEW = 1000 };

/* Warns if nearly all keys are updated. */
void mass_change_warn(const struct sample *s, uint64_t updates, uint64_t keys);

#endif
