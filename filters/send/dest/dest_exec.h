/* dest_exec.h - a command for each batch, with the events on its input.
 *
 * Floor 2 (send). The command is run by sh, in a process group of its own, so
 * that a Ctrl-C lets what is in flight end. Its standard input is a file with
 * the events, one a line; its output goes to our standard error. Exit status:
 *
 *     0         delivered
 *     65        refused: the batch is halved until the bad event stands alone
 *     69, 75    nothing was taken; the same again later
 *     126, 127  there is no such command: the run stops
 *     others, a signal, or no end within --timeout: unknown, the same again
 */
#ifndef SEND_DEST_DEST_EXEC_H
#define SEND_DEST_DEST_EXEC_H

#include "send/dest/dest.h"

extern const struct dest dest_exec;

#endif
