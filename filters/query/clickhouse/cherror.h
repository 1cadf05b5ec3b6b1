/* cherror.h - maps ClickHouse errors to kinds of errors.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_CLICKHOUSE_CHERROR_H
#define QUERY_CLICKHOUSE_CHERROR_H

#include "core/err.h"
#include "core/slice.h"

/* Finds the first error in a reply, perhaps after part of a row:
 *
 *     Code: 60, e.displayText() = DB::Exception: Table ..., e.what() = ...
 *     Code: 60. DB::Exception: Table ... (UNKNOWN_TABLE) (version ...)
 *
 * Returns its code, with its text borrowed in *said, or 0 if the reply has no
 * error.
 */
unsigned cherror_find(struct slice text, struct slice *said);

/* Sets *e to the error; ERR_REFUSED for an unknown code. Returns -1. */
int cherror_set(unsigned code, struct slice said, struct err *e);

#endif
