/* check_command.h - runs a filter for a step of rudder check, and its message.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_CHECK_COMMAND_H
#define SYNC_CHECK_COMMAND_H

#include "core/buf.h"
#include "sync/pipeline.h"

/* Runs the stages in the folder of the file. The first 64 KiB of output and
 * messages go to b. Returns the exit status.
 */
int check_command(const struct sync_file *f, const struct stages *s,
		  struct buf *b);

/* The same with in as standard input; -1: none. */
int check_command_of(const struct sync_file *f, const struct stages *s, int in,
		     struct buf *b);

/* Returns the last line of the output that is not JSON, without the name of a
 * tool before a message; otherwise the last line. Borrowed from b, which it
 * changes.
 */
const char *check_command_message(struct buf *b);

#endif
