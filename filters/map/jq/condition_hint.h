/* condition_hint.h - suggests the jq condition that an SQL condition stands
 * for.
 *
 * Floor 2 (map). Somebody who knows SQL writes plan = 'pro' for jq's .plan ==
 * "pro", which does not compile.
 */
#ifndef MAP_JQ_CONDITION_HINT_H
#define MAP_JQ_CONDITION_HINT_H

#include "core/buf.h"

/* Appends "; did you mean '.plan == "pro"'?" if the condition compares columns
 * with values in SQL's form; otherwise an example of a condition.
 */
void condition_hint(struct buf *b, const char *condition);

#endif
