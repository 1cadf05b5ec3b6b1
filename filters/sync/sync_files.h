/* sync_files.h - the sync files of a command line, or of the folder syncs.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SYNC_FILES_H
#define SYNC_SYNC_FILES_H

#include "core/buf.h"
#include "sync/sync_file.h"

/* Several sync files, sorted by path where a folder was read. */
struct sync_files {
	struct sync_file *v; /* owned */
	size_t n;
};

/* The path of what a command line names, at the end of path: the word itself
 * where that is there or has a "/" or ends as a file does, else of the sync of
 * that name in the folder syncs. ERR_INPUT where there is none, with the
 * nearest name.
 */
int sync_files_find(struct buf *path, const char *word, struct err *e) MUST_USE;

/* Reads the files and syncs named (ended by NULL), of a folder the rudder-cli
 * project in it, or without one every *.yaml and *.yml in the folder syncs
 * whose name does not start with a dot. ERR_INPUT also if there is none;
 * ERR_CONFIG also where two have the same name. Clear it in any case.
 */
int sync_files_read(struct sync_files *all, char *const *paths,
		    struct err *e) MUST_USE;

/* The same for whoever only asks for names and states, by sync_file_look: a
 * file that cannot be read is guessed and has sync_file.wrong. -1 with the
 * first error where one is not there; all others are read nevertheless.
 */
int sync_files_guess(struct sync_files *all, char *const *paths,
		     struct err *e) MUST_USE;

/* All-zero is allowed. */
void sync_files_clear(struct sync_files *all);

#endif
