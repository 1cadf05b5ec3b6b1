/* sync_files.h - finds and reads the sync files of a command line, or of the
 * folder syncs.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SYNC_FILES_H
#define SYNC_SYNC_FILES_H

#include "core/buf.h"
#include "sync/sync_file.h"

/* Several sync files, sorted by path if they come from a folder. */
struct sync_files {
	struct sync_file *v; /* owned */
	size_t n;
};

/* Appends the path for a word of the command line: the word itself if it
 * exists, contains a "/" or ends like a sync file; otherwise that of the sync
 * with this name in the folder syncs. ERR_INPUT if no sync has the name; the
 * message suggests the nearest name.
 */
int sync_files_find(struct buf *path, const char *word, struct err *e) MUST_USE;

/* Reads the named files and syncs (ended by NULL). For a folder it reads the
 * rudder-cli project in it; without a name, every *.yaml and *.yml in the
 * folder syncs that does not start with a dot. ERR_INPUT also if no file is
 * found; ERR_CONFIG also if two have the same name. The list must be cleared in
 * any case.
 */
int sync_files_read(struct sync_files *all, char *const *paths,
		    struct err *e) MUST_USE;

/* The same for callers that need only names and states, by sync_file_look. A
 * file that cannot be read is guessed (sync_guess.h) and has sync_file.wrong.
 * Returns -1 with the first error if a file does not exist; all others are read
 * nevertheless.
 */
int sync_files_guess(struct sync_files *all, char *const *paths,
		     struct err *e) MUST_USE;

/* All-zero is allowed. */
void sync_files_clear(struct sync_files *all);

#endif
