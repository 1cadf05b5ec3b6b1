/* duckerror.h - maps DuckDB errors to kinds of errors.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_DUCKDB_DUCKERROR_H
#define QUERY_DUCKDB_DUCKERROR_H

#include "core/err.h"
#include "core/slice.h"

#define DUCKERROR_OWN "rudder: " /* begins an error() of our own SQL */

/* Fills *e with what DuckDB said, of the kind that its first words mean,
 * without its picture of the place; ERR_DATA where they are not known, or where
 * why is NULL; ERR_CONFIG with the rest of an error of our own. Always returns
 * -1.
 *
 * An interrupt is reported here only if it was DuckDB's own: the first thread
 * to fail stops the others, and one of those may report first. A retry would
 * not help, and the message says how to see the cause.
 */
int duckerror_set(const char *why, struct err *e);

#endif
