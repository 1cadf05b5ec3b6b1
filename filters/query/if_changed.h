/* if_changed.h - --if-changed: a cheap query that decides whether the model
 * runs.
 *
 * Floor 2 (query). Its value is kept as a cursor (wire/state/cursor.h) of the
 * column "--if-changed". rudder-diff --commit stores it when the whole run is
 * settled, and rudder-diff removes it before the next change is sent. So a
 * state that has the value has nothing pending.
 */
#ifndef QUERY_IF_CHANGED_H
#define QUERY_IF_CHANGED_H

#include "query/query.h"
#include "query/source.h"

/* The value: the row as JSON, or a hash of a long row. */
struct if_changed {
	struct buf value;
	bool same; /* equal to the value in the state, which has the same model
		    */
};

/* Checks that the options fit together: ERR_USAGE. */
int if_changed_check(const struct query_options *o, const struct source *s,
		     struct err *e) MUST_USE;

/* Runs the query on the source of the job; rows are those of the model, which
 * has not begun. ERR_CONFIG if the query does not return one row with one
 * column, or the file of the state is damaged; any of source.h.
 */
int if_changed_ask(struct if_changed *x, const struct query_options *o,
		   const struct source *s, const struct source_job *job,
		   const struct rows *rows, struct err *e) MUST_USE;

/* Appends the member of the end line to b. */
void if_changed_end(const struct if_changed *x, struct buf *b);

#endif
