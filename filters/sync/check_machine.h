/* check_machine.h - rudder check without a file: checks this machine.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_CHECK_MACHINE_H
#define SYNC_CHECK_MACHINE_H

#include "sync/check_steps.h"

/* Checks the tools and their versions, the libraries of drivers, the folders
 * here, the limits of a process, and the clock. A missing library is only a
 * warning, because only its driver needs it.
 */
void check_machine(struct check_steps *s);

#endif
