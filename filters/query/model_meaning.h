/* model_meaning.h - what a model means: the text by which two are the same.
 *
 * Floor 2 (query). Its tokens without comments and white space. The names of
 * files have dates and numbers in them, which are others every night: one 0
 * stands for their digits.
 */
#ifndef QUERY_MODEL_MEANING_H
#define QUERY_MODEL_MEANING_H

#include "core/buf.h"

/* One more token, not empty, at the end of b. */
void model_meaning_add(struct buf *b, struct slice text);

#endif
