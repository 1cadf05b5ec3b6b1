/* folder.h - folders, made with those they are in.
 *
 * Floor 0.
 */
#ifndef CORE_FOLDER_H
#define CORE_FOLDER_H

#include "core/buf.h"
#include "core/err.h"

/* The path of a file in a folder; the caller frees it. */
char *folder_file(const char *folder, const char *name) MUST_USE;

/* Makes the folder with mode 0700, and those it is in; they outlive a power
 * cut. 1 where it is new, 0 where something of that name was there, -1
 * ERR_CREATE as folder_cannot says it, with what ("the state").
 */
int folder_make(const char *path, const char *what, struct err *e) MUST_USE;

/* Why a folder that is not there cannot be made, by the reason in errno:
 * "cannot create the state 'a/b': 'a' is not a folder", or "... in 'a':
 * Permission denied". shown is how a message names it. Returns -1, ERR_CREATE.
 */
int folder_cannot(const char *path, const char *shown, const char *what,
		  struct err *e);

/* Whether a path is not a folder and cannot become one, for what is there or
 * above it is something else: its path in by. Otherwise by gets the nearest
 * folder: itself, or one above ("." for the current).
 */
bool folder_is_blocked(const char *path, struct buf *by);

#endif
