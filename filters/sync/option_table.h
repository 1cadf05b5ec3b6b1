/* option_table.h - lists options of the filters with their keys in a sync file,
 * for the messages of the filters.
 *
 * Floor 2 (sync). See core/option_keys.h.
 */
#ifndef SYNC_OPTION_TABLE_H
#define SYNC_OPTION_TABLE_H

#include "core/buf.h"
#include "sync/sync_file.h"

/* Appends the table for the stages of a file. The line number of a key is 0 if
 * destinations have it on different lines.
 */
void option_table_text(struct buf *b, const struct sync_file *f);

#endif
