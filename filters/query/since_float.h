/* since_float.h - the value of --since for a column of floats of 4 bytes
 *
 * Floor 2 (query).
 */
#ifndef QUERY_SINCE_FLOAT_H
#define QUERY_SINCE_FLOAT_H

#include "core/buf.h"
#include "query/model.h"

/* Replaces the parameter of --since by all digits of its float, for a database
 * that compares such a column with text as doubles: the double 0.7 is above the
 * float 0.7, so rows with that value would be left out. Does nothing if --since
 * is not a number that a float can hold. The digits are in b, which must live
 * as long as the model.
 */
void since_float_take(struct model *m, struct buf *b);

#endif
