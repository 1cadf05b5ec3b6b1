/* source_tables.h - the tables of a source and their columns, for rudder init.
 *
 * Floor 2 (sync). rudder-query has them. A source is a URL, or env:NAME.
 */
#ifndef SYNC_SOURCE_TABLES_H
#define SYNC_SOURCE_TABLES_H

#include "core/err.h"
#include "sync/sync_text.h"

/* Whether the source has tables: not where it is a file or a command. */
bool source_tables_any(const char *source);

/* Adds their names. ERR_CONFIG if there are none; the status of
 * rudder-query, without a text, where it failed.
 */
int source_tables_list(struct sync_texts *tables, const char *source,
		       struct err *e) MUST_USE;

/* Adds the names of the columns of a table, or of the source where table is
 * NULL; delimiter is that of a CSV file, or NULL. Errors as above.
 */
int source_tables_columns(struct sync_texts *columns, const char *source,
			  const char *table, const char *delimiter,
			  struct err *e) MUST_USE;

#endif
