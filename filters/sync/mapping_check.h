/* mapping_check.h - which destinations have got a new mapping, before a run.
 *
 * Floor 2 (sync). Asks rudder-map for what a state records of the mapping, and
 * rudder-diff whether that makes rows due again.
 */
#ifndef SYNC_MAPPING_CHECK_H
#define SYNC_MAPPING_CHECK_H

#include <signal.h>

#include "sync/stages.h"

/* For n destinations from first how the mapping of each stands, for
 * stages_options, MAPPING_SAME for the others; the caller frees it. The same
 * where that cannot be found out: then the run itself reports why. Costs two
 * processes for each state that is there.
 */
enum mapping_state *mapping_check(const struct sync_file *f, size_t first,
				  size_t n, const sigset_t *mask) MUST_USE;

#endif
