/* programs.h - where the filters are, to be run as commands.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_PROGRAMS_H
#define SYNC_PROGRAMS_H

#include "core/buf.h"

/* The word by which this process and a shell run a command of rudder, at the
 * end of b: its name where PATH leads to the file beside this program, or there
 * is none beside it; else the path of that file, also where PATH leads there
 * from the working directory only.
 */
void programs_word(struct buf *b, const char *name);

#endif
