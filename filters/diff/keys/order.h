/* order.h - compares two keys, for tables sorted by key.
 *
 * Floor 2 (diff). Column by column: false, true, numbers by their exact value,
 * strings by their bytes in UTF-8. It is the order of sort_by in jq, and of
 * ORDER BY in a database for numbers, and for text in the collation "C".
 */
#ifndef DIFF_KEYS_ORDER_H
#define DIFF_KEYS_ORDER_H

#include "core/buf.h"

/* -1, 0, 1 for two texts of keys of the same columns (key.h). scratch is memory
 * for strings with escapes.
 */
int order_keys(struct slice a, struct slice b, struct buf *scratch);

#endif
