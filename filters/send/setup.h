/* setup.h - what is opened and checked before the first event is read.
 *
 * Floor 2 (send).
 */
#ifndef SEND_SETUP_H
#define SEND_SETUP_H

#include "send/run.h"

/* Find and open the destination, and settle the options that depend on it.
 * Errors as send_run; nothing has been sent.
 */
int setup_dest(struct run *r, struct err *e) MUST_USE;

/* Where receipts go: to the file asked for; else to out or, with --as-curl,
 * which writes commands there, nowhere. What a dry run shows goes to out.
 * ERR_CREATE.
 */
int setup_output(const struct run_asked *asked, struct run_leaving *leaving,
		 int out, struct err *e) MUST_USE;

/* A descriptor that becomes readable by SIGINT, SIGTERM or SIGHUP, which then
 * break in nowhere; the caller closes it. -1 ERR_OS.
 */
int setup_signals(struct err *e) MUST_USE;

/* For --check: whether events would arrive. Where the destination has no
 * better way an empty batch is sent, which it refuses only after it has looked
 * at the key.
 */
int setup_probe(const struct run_asked *asked, struct err *e) MUST_USE;

#endif
