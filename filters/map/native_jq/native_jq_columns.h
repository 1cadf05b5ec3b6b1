/* native_jq_columns.h - which columns of a row a simple jq program reads.
 *
 * Floor 2 (map).
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_COLUMNS_H
#define MAP_NATIVE_JQ_NATIVE_JQ_COLUMNS_H

#include "core/buf.h"

typedef void native_jq_column_fn(void *ctx, struct slice name);

/* Calls column with the decoded name of each column that the program reads,
 * maybe more than once. Returns false if the columns are not known: the program
 * is not simple, or reads the whole row. value: the program's value is used,
 * not only whether it is true.
 */
bool native_jq_columns(const char *program, bool value,
		       native_jq_column_fn *column, void *ctx) MUST_USE;

#endif
