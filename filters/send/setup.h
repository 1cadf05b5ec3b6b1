/* setup.h - opens and checks the destination and the output, before the input
 * is read.
 *
 * Floor 2 (send).
 */
#ifndef SEND_SETUP_H
#define SEND_SETUP_H

#include "send/run.h"

/* Finds and opens the destination, and completes the options that depend on it.
 * Sends nothing. Errors as send_run.
 */
int setup_dest(struct run *r, struct err *e) MUST_USE;

/* Opens the output for receipts: the file of --receipts, else out. With
 * --as-curl, which writes commands to out, receipts without a file are
 * discarded. The requests of a dry run are shown on out. ERR_CREATE.
 */
int setup_output(const struct run_asked *asked, struct run_leaving *leaving,
		 int out, struct err *e) MUST_USE;

/* Blocks SIGINT, SIGTERM and SIGHUP, so that they interrupt nothing, and
 * returns a descriptor that is readable when one is pending; the caller closes
 * it. -1 ERR_OS.
 */
int setup_signals(struct err *e) MUST_USE;

/* For --check: whether the destination would accept events. If the driver has
 * no check of its own, an empty batch is sent: a data plane refuses it, but
 * only after it has checked the key.
 */
int setup_probe(const struct run_asked *asked, struct err *e) MUST_USE;

#endif
