/* cursor_range.h - decides from which cursor value rows are read: --cursor.
 *
 * Floor 2 (query). A cursor is a column that increases with every change. The
 * rows to read are those at or above a value, given by --since or kept in a
 * state (wire/state/cursor.h), and those whose cursor is null. Rows at the
 * value are read again, since more rows with it may have been added;
 * rudder-diff drops those it has seen.
 */
#ifndef QUERY_CURSOR_RANGE_H
#define QUERY_CURSOR_RANGE_H

#include "core/err.h"
#include "query/model.h"
#include "query/query.h"
#include "query/rows.h"

struct cursor_range {
	bool on;         /* read only rows from `from` on; otherwise all */
	struct buf from; /* the value to compare with: value less the overlap */

	struct buf value; /* where the last run ended, or --since */
	struct buf type;  /* type of the column at that time; empty: unknown */
};

/* Checks that the options fit together: ERR_USAGE. */
int cursor_range_check(const struct query_options *o, struct err *e) MUST_USE;

/* Decides where to begin: at o->since, or at the value in the state of
 * o->cursor_state if it belongs to the same column of the same model (its
 * fingerprint). ERR_USAGE for an overlap that does not fit the value,
 * ERR_CONFIG for a damaged file. Free with cursor_range_clear.
 */
int cursor_range_load(struct cursor_range *s, const struct query_options *o,
		      const char *model, const struct model_sql *sql,
		      struct err *e) MUST_USE;
void cursor_range_clear(struct cursor_range *s);

/* Makes the run read all rows. */
void cursor_range_forget(struct cursor_range *s);

/* Call after the last row. ERR_CONFIG if --limit ended the rows before the
 * cursor could move, so that every later run would read the same rows.
 */
int cursor_range_came_on(const struct cursor_range *s,
			 const struct query_options *o, const struct rows *r,
			 struct err *e) MUST_USE;

/* Appends the cursor's member of the end line to b. */
void cursor_range_end(const struct cursor_range *s, const struct rows *r,
		      struct buf *b);

#endif
