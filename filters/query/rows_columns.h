/* rows_columns.h - checks that the columns of a result can be rows: their
 * names, the key and the cursor.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_ROWS_COLUMNS_H
#define QUERY_ROWS_COLUMNS_H

#include "query/rows.h"

/* The checks of rows_begin, before anything is written. */
int rows_columns_check(struct rows *r, const struct rows_column *c, size_t n,
		       struct err *e) MUST_USE;

/* The check of the cursor's column alone, for a source that knows the columns
 * before it requests ordered rows: ERR_CONFIG if the column does not exist or
 * cannot be a cursor; 0 without a cursor.
 */
int rows_columns_cursor(struct rows *r, const struct rows_column *c, size_t n,
			struct err *e) MUST_USE;

/* Whether a type of the begin line is a number, or a time. */
bool rows_columns_is_number(const char *type);
bool rows_columns_is_time(const char *type);

/* Drops a key that is not among the columns, with a warning: a key of dbt may
 * be an expression.
 */
void rows_columns_key(struct rows *r, const struct rows_column *c, size_t n);

#endif
