/* model_meaning.h - reduces a model to the text by which two models are the
 * same.
 *
 * Floor 2 (query). That is its tokens without comments and white space. Names
 * of files may contain dates and numbers that change every night, so one 0
 * replaces each run of digits in them.
 */
#ifndef QUERY_MODEL_MEANING_H
#define QUERY_MODEL_MEANING_H

#include "core/buf.h"

/* Appends a token, which must not be empty, to b. */
void model_meaning_add(struct buf *b, struct slice text);

#endif
