/* canary.h - rudder run --canary N: sends N events first, and the others if
 * these are accepted.
 *
 * Floor 2 (sync). The events of the run are written to a temporary file; the
 * first N are sent and committed. The others are sent only if the destination
 * has accepted all N. Otherwise they stay pending, and the next run offers them
 * again under the same ids.
 */
#ifndef SYNC_CANARY_H
#define SYNC_CANARY_H

#include "core/err.h"
#include "sync/stages.h"

/* Runs one destination, in a process of its own, which must exit with the
 * returned status. Waits for all of its stages; SIGTERM stops them.
 */
int canary_run(const struct sync_file *f, size_t destination,
	       const struct stages_options *o, uint64_t n);

/* Appends the same to b as text for sh(1). */
void canary_text(struct buf *b, const struct sync_file *f, size_t destination,
		 const struct stages_options *o, uint64_t n);

#endif
