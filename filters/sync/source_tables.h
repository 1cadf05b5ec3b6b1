/* source_tables.h - lists the tables of a source and their columns, for rudder
 * init.
 *
 * Floor 2 (sync). Runs rudder-query. A source is a URL, or env:NAME.
 */
#ifndef SYNC_SOURCE_TABLES_H
#define SYNC_SOURCE_TABLES_H

#include "core/err.h"
#include "sync/sync_text.h"

/* Whether the source has tables: false for a file or a command. */
bool source_tables_any(const char *source);

/* Adds the names of the tables. ERR_CONFIG for a source without tables; the
 * status of rudder-query, without a text, if it failed.
 */
int source_tables_list(struct sync_texts *tables, const char *source,
		       struct err *e) MUST_USE;

/* Adds the names of the columns of a table, or of the source if table is NULL.
 * delimiter is that of a CSV file, or NULL. Errors as above.
 */
int source_tables_columns(struct sync_texts *columns, const char *source,
			  const char *table, const char *delimiter,
			  struct err *e) MUST_USE;

#endif
