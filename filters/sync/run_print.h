/* run_print.h - rudder run --print: the pipelines as a shell would run them.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_RUN_PRINT_H
#define SYNC_RUN_PRINT_H

#include "sync/run_sync.h"

/* Prints all pipelines to standard output. ERR_IO. */
int run_print_all(struct running *r, struct err *e) MUST_USE;

#endif
