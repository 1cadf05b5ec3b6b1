/* check_machine.h - rudder check without a file: what this machine has.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_CHECK_MACHINE_H
#define SYNC_CHECK_MACHINE_H

#include "sync/check_steps.h"

/* The tools and their versions, the libraries of drivers, the folders here, the
 * limits of a process, the clock. A library that is not there is a warning:
 * only its driver needs it.
 */
void check_machine(struct check_steps *s);

#endif
