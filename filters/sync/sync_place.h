/* sync_place.h - the folder of a sync file, from which its paths start.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SYNC_PLACE_H
#define SYNC_SYNC_PLACE_H

#include "sync/sync_file.h"

/* Sets path, folder and inside of a sync file from its path. */
void sync_place_take(struct sync_file *f, const char *path);

#endif
