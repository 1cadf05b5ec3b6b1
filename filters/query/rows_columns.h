/* rows_columns.h - whether the columns of a result make rows: their names, the
 * key and the cursor.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_ROWS_COLUMNS_H
#define QUERY_ROWS_COLUMNS_H

#include "query/rows.h"

/* What rows_begin refuses by the columns, before anything is written. */
int rows_columns_check(struct rows *r, const struct rows_column *c, size_t n,
		       struct err *e) MUST_USE;

/* The part of rows_begin that looks at the column of the cursor, for a source
 * that knows the columns before it asks for rows in its order: ERR_CONFIG if
 * the column does not exist or cannot be a cursor; 0 without a cursor.
 */
int rows_columns_cursor(struct rows *r, const struct rows_column *c, size_t n,
			struct err *e) MUST_USE;

/* Types of columns as the begin line has them. */
bool rows_columns_is_number(const char *type);
bool rows_columns_is_time(const char *type);

/* Drops a key that the rows do not have, with a warning: dbt's may be an
 * expression.
 */
void rows_columns_key(struct rows *r, const struct rows_column *c, size_t n);

#endif
