/* sandbox.h - a confined process for a jq program that a user wrote.
 *
 * Floor 0 (core). For a child that is forked to run a jq program: a library
 * that can neither be stopped nor limited, on code and rows of other people.
 */
#ifndef CORE_SANDBOX_H
#define CORE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox {
	int fd;          /* stays open, beside 0 to 2; at least 3 */
	uint64_t memory; /* bytes it may allocate; 0: no limit */
	uint64_t cpu_s;  /* CPU time until it is killed; 0: no limit */
};

/* Call it first in the child. Each step is best effort, so that one that is not
 * available does not prevent the others:
 *
 *     - the environment is overwritten and then empty: a list without entries
 *       and not NULL, which libjq 1.6 would follow;
 *     - descriptors 0 to 2 are /dev/null, and all others except fd are closed;
 *     - memory and CPU time are limited, and it can make no core dump, file,
 *       descriptor or process;
 *     - sandbox_filter;
 *     - it is killed when its parent ends, and ignores SIGINT, which is for the
 *       parent.
 */
void sandbox_enter(const struct sandbox *s);

/* From then on this process can calculate, allocate memory, use open
 * descriptors, and end; it can open, connect, start or signal nothing else.
 * Uses seccomp(2): false if the kernel or this build does not have it.
 */
bool sandbox_filter(void);

/* Descriptors 0 to 2 become /dev/null, and all others except fd, which is at
 * least 3, are closed.
 */
void sandbox_close(int fd);

#endif
