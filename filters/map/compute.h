/* compute.h - maps rows whose event, condition or values are computed by jq.
 *
 * Floor 2 (map). Rows are passed to worker processes (workers.h); their results
 * are written in the order of the rows.
 */
#ifndef MAP_COMPUTE_H
#define MAP_COMPUTE_H

#include "map/parts.h"

/* Compiles the jq programs of the mapping, if it has any, into
 * m->programs.expr. ERR_USAGE, ERR_CONFIG.
 */
int compute_init(struct maker *m, struct err *e) MUST_USE;

/* Passes the row that was read to the workers. Results of this row or earlier
 * ones may be written during the call.
 */
int compute_row(struct maker *m, struct err *e) MUST_USE;

/* Waits for the results of all rows. Rejects, skips and events made without jq
 * must not be written before those of earlier rows.
 */
MUST_USE static inline int compute_drain(struct maker *m, struct err *e)
{
	return m->programs.workers ? workers_drain(m->programs.workers, e) : 0;
}

void compute_clear(struct maker *m);

#endif
