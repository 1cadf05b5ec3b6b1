/* sync_guess.h - the name and the states of a sync file that cannot be read.
 *
 * Floor 2 (sync). So a run that cannot start is recorded, and shown, where the
 * runs of the sync are.
 */
#ifndef SYNC_SYNC_GUESS_H
#define SYNC_SYNC_GUESS_H

#include "sync/sync_file.h"

/* Fills path, name, tags, hooks and the names and states of destinations by
 * what is right in the file. Of a file that is not YAML at all, they are those
 * that states in their usual folders have. There is at least one destination;
 * those from a guess have an empty URL.
 */
void sync_guess(struct sync_file *f, const char *path);

#endif
