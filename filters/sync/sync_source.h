/* sync_source.h - where the rows of a sync file come from: source and model.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SYNC_SOURCE_H
#define SYNC_SYNC_SOURCE_H

#include "sync/sync_file.h"
#include "wire/settings/doc.h"

/* Whether a URL of a source has a password in it: scheme://user:password@host,
 * ?password=, or an attribute of odbc: */
bool sync_source_has_password(const char *url);

/* Reads `source` and one of `model`, `sql`, `table`, `dbt` and `project` of the
 * object d. ERR_CONFIG with the line where one is missing, wrong, or has a
 * password in it.
 */
int sync_source_take(struct sync_file *f, const struct doc *d,
		     struct err *e) MUST_USE;

#endif
