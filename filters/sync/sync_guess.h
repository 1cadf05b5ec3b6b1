/* sync_guess.h - guesses the name and states of a sync file that cannot be
 * read.
 *
 * Floor 2 (sync). So a run that cannot start is recorded in the sync's state,
 * and shown with its other runs.
 */
#ifndef SYNC_SYNC_GUESS_H
#define SYNC_SYNC_GUESS_H

#include "sync/sync_file.h"

/* Fills path, name, tags, hooks, and the names and states of destinations from
 * the valid parts of the file. If it is not YAML at all, they are taken from
 * the states in their usual folders. There is at least one destination; a
 * guessed one has an empty URL.
 */
void sync_guess(struct sync_file *f, const char *path);

#endif
