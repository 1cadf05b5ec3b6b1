/* pager.h - shows long output in a pager, like git log.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_PAGER_H
#define SYNC_REPORT_PAGER_H

#include "core/err.h"
#include "core/slice.h"

/* Writes the text to fd. If that is a terminal, through the command in
 * RUDDER_PAGER or PAGER, or through less, which ends at once if the text fits
 * the screen. ERR_IO.
 */
int pager_show(int fd, struct slice text, struct err *e) MUST_USE;

#endif
