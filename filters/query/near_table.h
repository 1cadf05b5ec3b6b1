/* near_table.h - what may be meant by a table that is not there.
 *
 * Floor 2 (query). The model has failed; the source is asked once more, for the
 * list of --tables.
 */
#ifndef QUERY_NEAR_TABLE_H
#define QUERY_NEAR_TABLE_H

#include "query/source.h"

/* The name in a message of a database that it has no such table, at the end of
 * name, without its schema; empty where the message says anything else, or the
 * database suggests a name itself.
 */
void near_table_missing(struct buf *name, const char *message);

/* *e is the error of a model. Where a table is not there, adds the nearest that
 * is: "...; did you mean 'public.users'?". job is what failed. Asks for 5
 * seconds at most.
 */
void near_table_explain(const struct source *s, const struct source_job *job,
			struct err *e);

#endif
