/* programs.h - finds the programs of the filters.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_PROGRAMS_H
#define SYNC_PROGRAMS_H

#include "core/buf.h"

/* The word by which this process and a shell run a command of rudder, at the
 * end of b: its name if PATH leads to the file beside this program, or if no
 * file is beside it; otherwise the path of that file, also if PATH leads there
 * only from the working directory.
 */
void programs_word(struct buf *b, const char *name);

#endif
