/* sync_source.h - reads the source and the model of a sync file.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SYNC_SOURCE_H
#define SYNC_SYNC_SOURCE_H

#include "sync/sync_file.h"
#include "wire/settings/doc.h"

/* Whether a source URL contains a password: scheme://user:password@host,
 * ?password=, or an attribute of odbc:
 */
bool sync_source_has_password(const char *url);

/* Reads `source` and one of `model`, `sql`, `table`, `dbt` and `project` of the
 * object d. ERR_CONFIG with the line if one is missing, invalid, or contains a
 * password.
 */
int sync_source_take(struct sync_file *f, const struct doc *d,
		     struct err *e) MUST_USE;

#endif
