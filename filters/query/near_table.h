/* near_table.h - suggests the name of a table for one that does not exist.
 *
 * Floor 2 (query). After a model has failed, the source is asked once more, for
 * the list of --tables.
 */
#ifndef QUERY_NEAR_TABLE_H
#define QUERY_NEAR_TABLE_H

#include "query/source.h"

/* Appends to name the table that a database's message reports as missing,
 * without its schema. Appends nothing for other messages, or if the database
 * suggests a name itself.
 */
void near_table_missing(struct buf *name, const char *message);

/* If *e, the error of a model, is a missing table, adds the most similar table:
 * "...; did you mean 'public.users'?". job is the one whose model failed. Takes
 * at most 5 seconds.
 */
void near_table_explain(const struct source *s, const struct source_job *job,
			struct err *e);

#endif
