/* sync_place.h - where a sync file is, and where the paths in it start.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SYNC_PLACE_H
#define SYNC_SYNC_PLACE_H

#include "sync/sync_file.h"

/* Fills path, folder and inside of a sync file that is at path. */
void sync_place_take(struct sync_file *f, const char *path);

#endif
