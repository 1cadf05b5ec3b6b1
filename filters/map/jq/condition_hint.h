/* condition_hint.h - what a condition that does not compile may mean.
 *
 * Floor 2 (map). A person who knows SQL writes plan = 'pro', for which jq has
 * .plan == "pro".
 */
#ifndef MAP_JQ_CONDITION_HINT_H
#define MAP_JQ_CONDITION_HINT_H

#include "core/buf.h"

/* Adds "; did you mean '.plan == "pro"'?" where the condition compares columns
 * with values and is one in jq with other signs; else what one looks like.
 */
void condition_hint(struct buf *b, const char *condition);

#endif
