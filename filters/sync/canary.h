/* canary.h - rudder run --canary N: a few events first, and the rest if they
 * are accepted.
 *
 * Floor 2 (sync). The events of the run are put into a temporary file; the
 * first N are sent and committed. Only when the destination has accepted all of
 * them are the others sent. Else these stay pending, and the next run offers
 * them again under the same ids.
 */
#ifndef SYNC_CANARY_H
#define SYNC_CANARY_H

#include "core/err.h"
#include "sync/stages.h"

/* One destination, in a process of its own, which is to end with the status
 * that this gives. Waits for all of its stages; SIGTERM stops them.
 */
int canary_run(const struct sync_file *f, size_t destination,
	       const struct stages_options *o, uint64_t n);

/* The same as text for sh(1), at the end of b. */
void canary_text(struct buf *b, const struct sync_file *f, size_t destination,
		 const struct stages_options *o, uint64_t n);

#endif
