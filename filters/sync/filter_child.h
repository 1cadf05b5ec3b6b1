/* filter_child.h - starts the program of rudder filter with pipes to and from
 * it.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_FILTER_CHILD_H
#define SYNC_FILTER_CHILD_H

#include <sys/types.h>

#include "core/err.h"

/* The descriptors are the caller's. */
struct filter_child {
	pid_t pid;
	int to;     /* its standard input, which does not block */
	int from;   /* its standard output */
	int errors; /* the standard error of jq; -1 for other programs */
};

/* Starts the command, ended by NULL and looked up in PATH. It does not get our
 * secrets. Returns 0, or -1 with ERR_CONFIG if it cannot be run, or ERR_OS.
 * Unless it is ERR_OS, *c is valid and must be closed.
 */
int filter_child_start(struct filter_child *c, char **command,
		       struct err *e) MUST_USE;

#endif
