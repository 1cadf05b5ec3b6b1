/* order.h - compares two keys, for tables sorted by key.
 *
 * Floor 2 (diff). Column by column: false, true, numbers by their exact value,
 * strings by their UTF-8 bytes. This is the order of sort_by in jq; and that of
 * ORDER BY in a database for numbers, and for text with the collation "C".
 */
#ifndef DIFF_KEYS_ORDER_H
#define DIFF_KEYS_ORDER_H

#include "core/buf.h"

/* Returns -1, 0, 1 for two key texts with the same columns (key.h). scratch is
 * used for strings with escapes.
 */
int order_keys(struct slice a, struct slice b, struct buf *scratch);

#endif
