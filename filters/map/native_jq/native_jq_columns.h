/* native_jq_columns.h - which columns of a row a simple jq program reads.
 *
 * Floor 2 (map).
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_COLUMNS_H
#define MAP_NATIVE_JQ_NATIVE_JQ_COLUMNS_H

#include "core/buf.h"

typedef void native_jq_column_fn(void *ctx, struct slice name);

/* Gives the (decoded) name of each column that the program reads, some more
 * than once. False where that is not known: it is not a simple program, or it
 * reads the row as a whole. value: its value counts, and not only whether there
 * is one that is true.
 */
bool native_jq_columns(const char *program, bool value,
		       native_jq_column_fn *column, void *ctx) MUST_USE;

#endif
