/* state_folder.h - the folder of a state: makes, checks and opens it.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_STATE_STATE_FOLDER_H
#define DIFF_STATE_STATE_FOLDER_H

#include "core/err.h"

/* Opens the folder, made before if create says so, with those that it is in.
 * The descriptor, which the caller closes, or -1: ERR_CREATE, ERR_INPUT where
 * it is not there or is the folder of something else, ERR_DENIED where others
 * may write there, ERR_IO.
 */
int state_folder_open(const char *dir, bool create, struct err *e) MUST_USE;

#endif
