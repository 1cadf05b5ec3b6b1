/* workers_child.h - the child process that runs a jq program over batches.
 *
 * Floor 2 (map).
 */
#ifndef MAP_JQ_WORKERS_CHILD_H
#define MAP_JQ_WORKERS_CHILD_H

#include "map/jq/workers_parts.h"

/* In a new process: confines it, and works on the batch in m for each byte that
 * comes by fd, which it sends back when its results are there. Ends when fd
 * does.
 */
NO_RETURN void workers_child(const struct workers_options *o,
			     const struct crew_memory *m, int fd);

#endif
