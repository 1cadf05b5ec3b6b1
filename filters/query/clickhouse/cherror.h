/* cherror.h - maps ClickHouse errors to kinds of errors.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_CLICKHOUSE_CHERROR_H
#define QUERY_CLICKHOUSE_CHERROR_H

#include "core/err.h"
#include "core/slice.h"

/* The first error in a reply, perhaps behind half a row:
 *
 *     Code: 60, e.displayText() = DB::Exception: Table ..., e.what() = ...
 *     Code: 60. DB::Exception: Table ... (UNKNOWN_TABLE) (version ...)
 *
 * Its code, with what it says borrowed in *said; 0 if there is none.
 */
unsigned cherror_find(struct slice text, struct slice *said);

/* Fills *e for it; ERR_REFUSED for a code that is not known. */
int cherror_set(unsigned code, struct slice said, struct err *e);

#endif
