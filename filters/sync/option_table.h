/* option_table.h - the options of the filters as keys of a sync file, for their
 * messages.
 *
 * Floor 2 (sync). See core/option_keys.h.
 */
#ifndef SYNC_OPTION_TABLE_H
#define SYNC_OPTION_TABLE_H

#include "core/buf.h"
#include "sync/sync_file.h"

/* Adds the table for the stages of a file. A key that several destinations have
 * of their own has no line.
 */
void option_table_text(struct buf *b, const struct sync_file *f);

#endif
