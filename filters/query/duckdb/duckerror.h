/* duckerror.h - maps DuckDB errors to kinds of errors.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_DUCKDB_DUCKERROR_H
#define QUERY_DUCKDB_DUCKERROR_H

#include "core/err.h"
#include "core/slice.h"

#define DUCKERROR_OWN "rudder: " /* prefix of rudder's own errors */

/* Sets *e to DuckDB's message, without its excerpt of the statement. The kind
 * depends on how the message begins; ERR_DATA if that is unknown or why is
 * NULL. A message after DUCKERROR_OWN is ERR_CONFIG. Always returns -1.
 *
 * An interrupt that arrives here is DuckDB's own: the first thread to fail
 * stops the others, and one of those may be the first to report. A retry would
 * not help, so the message says how to see the cause.
 */
int duckerror_set(const char *why, struct err *e);

#endif
