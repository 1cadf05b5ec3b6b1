/* mapping_check.h - finds the destinations whose mapping has changed, before a
 * run.
 *
 * Floor 2 (sync). Asks rudder-map for the record of the mapping, and
 * rudder-diff whether rows must be sent again because of it.
 */
#ifndef SYNC_MAPPING_CHECK_H
#define SYNC_MAPPING_CHECK_H

#include <signal.h>

#include "sync/stages.h"

/* Returns the mapping state of each destination, for stages_options: it is
 * determined for n destinations from first, and MAPPING_SAME for the others,
 * and also if it cannot be determined, because then the run reports the reason.
 * The caller frees it. Starts two processes for each state that exists.
 */
enum mapping_state *mapping_check(const struct sync_file *f, size_t first,
				  size_t n, const sigset_t *mask) MUST_USE;

#endif
