/* workers_child.h - the child process that runs a jq program over batches.
 *
 * Floor 2 (map).
 */
#ifndef MAP_JQ_WORKERS_CHILD_H
#define MAP_JQ_WORKERS_CHILD_H

#include "map/jq/workers_parts.h"

/* Runs in a new process: enters the sandbox, and for each byte that arrives on
 * fd processes the batch in m, then sends the byte back. Exits at end of file.
 */
NO_RETURN void workers_child(const struct workers_options *o,
			     const struct workers_memory *m, int fd);

#endif
