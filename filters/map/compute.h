/* compute.h - rows whose event, condition or values are computed by jq.
 *
 * Floor 2 (map). Rows go to a crew of processes (workers.h); what happens to
 * them leaves in their order.
 */
#ifndef MAP_COMPUTE_H
#define MAP_COMPUTE_H

#include "map/parts.h"

/* Compiles what the settings ask for, if anything: m->programs.expr. ERR_USAGE,
 * ERR_CONFIG.
 */
int compute_init(struct maker *m, struct err *e) MUST_USE;

/* Hand in the row that was read. What happens to it, or of earlier ones, may
 * be written in the call.
 */
int compute_row(struct maker *m, struct err *e) MUST_USE;

/* All that is still due: rejects, skips and events that were made without jq
 * must not overtake rows.
 */
MUST_USE static inline int compute_drain(struct maker *m, struct err *e)
{
	return m->programs.workers ? workers_drain(m->programs.workers, e) : 0;
}

void compute_clear(struct maker *m);

#endif
