/* state_folder.h - the folder of a state: makes, checks and opens it.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_STATE_STATE_FOLDER_H
#define DIFF_STATE_STATE_FOLDER_H

#include "core/err.h"

/* Opens the folder; with create makes it first, with its parents. Returns the
 * descriptor, which the caller closes, or -1: ERR_CREATE; ERR_INPUT if it does
 * not exist or is a folder of something else; ERR_DENIED if others may write
 * there; ERR_IO.
 */
int state_folder_open(const char *dir, bool create, struct err *e) MUST_USE;

#endif
