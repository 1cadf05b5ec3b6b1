/* cursor_range.h - which rows of a model are new: --cursor and where it begins.
 *
 * Floor 2 (query). A cursor is a column that rises with every change. The rows
 * wanted are those at or above a value that was given or is kept in a state
 * (wire/state/cursor.h), and those whose cursor is null. At, since rows of one
 * value may come at different times: rudder-diff drops those it has seen.
 */
#ifndef QUERY_CURSOR_RANGE_H
#define QUERY_CURSOR_RANGE_H

#include "core/err.h"
#include "query/model.h"
#include "query/query.h"
#include "query/rows.h"

struct cursor_range {
	bool on;         /* only rows from `from` on; else all */
	struct buf from; /* what the database compares with */

	struct buf value; /* where the last run came to: `from`, and overlap */
	struct buf type;  /* of the column then; empty: not known */
};

/* The options must fit together: ERR_USAGE. */
int cursor_range_check(const struct query_options *o, struct err *e) MUST_USE;

/* Finds out where to begin: in o->since, or in the state of o->cursor_state if
 * that was reached by the same column of the same model (its fingerprint).
 * ERR_USAGE for an overlap that does not fit the value, ERR_CONFIG for a
 * damaged file. cursor_range_clear frees.
 */
int cursor_range_load(struct cursor_range *s, const struct query_options *o,
		      const char *model, const struct model_sql *sql,
		      struct err *e) MUST_USE;
void cursor_range_clear(struct cursor_range *s);

/* Begin at the beginning. */
void cursor_range_forget(struct cursor_range *s);

/* After the last row: ERR_CONFIG when --limit did not let the cursor come on,
 * so that the next run would do the same for ever.
 */
int cursor_range_came_on(const struct cursor_range *s,
			 const struct query_options *o, const struct rows *r,
			 struct err *e) MUST_USE;

/* The member of the end line. */
void cursor_range_end(const struct cursor_range *s, const struct rows *r,
		      struct buf *b);

#endif
