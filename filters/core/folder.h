/* folder.h - makes folders, with the folders above them.
 *
 * Floor 0.
 */
#ifndef CORE_FOLDER_H
#define CORE_FOLDER_H

#include "core/buf.h"
#include "core/err.h"

/* The path of a file in a folder; the caller frees it. */
char *folder_file(const char *folder, const char *name) MUST_USE;

/* Makes the folder with mode 0700, and those above it, durably. 1 if it is new,
 * 0 if something of that name exists, -1 ERR_CREATE with the message of
 * folder_cannot; what is its name there ("the state").
 */
int folder_make(const char *path, const char *what, struct err *e) MUST_USE;

/* Sets *e to why a folder cannot be made, by errno: "cannot create the state
 * 'a/b': 'a' is not a folder", or "... in 'a': Permission denied". shown is the
 * path in the message. Returns -1, ERR_CREATE.
 */
int folder_cannot(const char *path, const char *shown, const char *what,
		  struct err *e);

/* Whether a path cannot become a folder, because it or something above it is
 * not a folder; then by gets the path of that. Otherwise by gets the nearest
 * existing folder: the path itself, or one above ("." for the current folder).
 */
bool folder_is_blocked(const char *path, struct buf *by);

#endif
