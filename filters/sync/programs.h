/* programs.h - finds the programs of the filters.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_PROGRAMS_H
#define SYNC_PROGRAMS_H

#include "core/buf.h"
#include "core/err.h"

/* Appends the word with which this process and a shell run a command of rudder
 * to b: its name if PATH leads to the file beside this program, or if no file
 * is beside it; otherwise the path of that file, also if PATH leads there only
 * through the working directory.
 */
void programs_word(struct buf *b, const char *name);

/* The full name of a filter, given with or without "rudder-": "rudder-map"; or
 * NULL.
 */
const char *programs_find(const char *word);

/* Prints a line for each filter, for --help. */
void programs_print(void);

/* Whether execvp(3) of the word runs a binary, and not a script of the user,
 * which may or may not start the program.
 */
bool programs_is_binary(const char *word);

/* Replaces this process by the filter. Returns only on failure: -1 with
 * ERR_CONFIG.
 */
int programs_become(const char *name, char *const *argv,
		    struct err *e) MUST_USE;

#endif
