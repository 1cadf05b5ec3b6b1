/* if_changed.h - --if-changed: a cheap query that decides whether the model
 * runs.
 *
 * Floor 2 (query). Its one value travels as a cursor (wire/state/cursor.h) of
 * the column "--if-changed": rudder-diff --commit keeps it when all of the run
 * is settled, and rudder-diff removes it before the next change leaves. So a
 * state that has it has nothing pending.
 */
#ifndef QUERY_IF_CHANGED_H
#define QUERY_IF_CHANGED_H

#include "query/query.h"
#include "query/source.h"

/* The value, as the row that holds it, or a hash of a long one. */
struct if_changed {
	struct buf value;
	bool same; /* as the one in the state, which is of the same model */
};

/* The options must fit together: ERR_USAGE. */
int if_changed_check(const struct query_options *o, const struct source *s,
		     struct err *e) MUST_USE;

/* Asks the source of the job; rows are those of the model, which has not begun.
 * ERR_CONFIG where the query does not give one row of one column, or the file
 * of the state is damaged; any of source.h.
 */
int if_changed_ask(struct if_changed *x, const struct query_options *o,
		   const struct source *s, const struct source_job *job,
		   const struct rows *rows, struct err *e) MUST_USE;

/* The member of the end line. */
void if_changed_end(const struct if_changed *x, struct buf *b);

#endif
