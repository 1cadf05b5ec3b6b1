/* model_blame.h - adds to a database's error that the model is wrong, and
 * where.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_MODEL_BLAME_H
#define QUERY_MODEL_BLAME_H

#include "query/model.h"

/* Names the model in an error of its query, unless the error is not about the
 * model, like a lost connection. Returns -1.
 */
int model_blame(const struct model *m, struct err *e);

/* The same if the database reports the byte of the text, from 0: names the line
 * of the model as given, or the cursor if the byte is in SQL added for it.
 */
int model_blame_at(const struct model *m, size_t byte, struct err *e);

/* Prints the line of the model and a caret below the byte, if the model was
 * given as SQL and contains the byte.
 */
void model_blame_show(const struct model *m, size_t byte);

#endif
