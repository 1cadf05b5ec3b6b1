/* model_blame.h - says that an error of a database is of the model, and where.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_MODEL_BLAME_H
#define QUERY_MODEL_BLAME_H

#include "query/model.h"

/* An error of a query: names the model where it is to blame, not where the
 * server is not there. Always -1.
 */
int model_blame(const struct model *m, struct err *e);

/* The same where the database tells the byte of the text, from 0: names the
 * line of the model as it was given, and the cursor where the byte is behind
 * it.
 */
int model_blame_at(const struct model *m, size_t byte, struct err *e);

/* Prints the line of the model and a caret below the byte, to go with an error,
 * where the model was given as SQL and the byte is in it.
 */
void model_blame_show(const struct model *m, size_t byte);

#endif
