/* mass_change.h - warns when nearly every row changed, and names the columns.
 *
 * Floor 2 (diff). A new column, or a driver that writes values in another way,
 * changes every row: worth a look before all of them are paid for. Which
 * columns they are is known of a sample of the rows (sample.h).
 */
#ifndef DIFF_PASS_MASS_CHANGE_H
#define DIFF_PASS_MASS_CHANGE_H

#include "diff/state/sample.h"

/* Up to this number of updates there is no warning. */
enum { MASS_CHANGE_FEW = 1000 };

/* Warn if the updates are nearly all of the keys. */
void mass_change_warn(const struct sample *s, uint64_t updates, uint64_t keys);

#endif
