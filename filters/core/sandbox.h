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

/* Call in the child, first of all. Everything below is best effort, so that
 * one missing wall does not take the others away:
 *
 * - the environment is overwritten and then empty: a list without entries and
 *   not NULL, which libjq 1.6 follows;
 * - descriptors 0 to 2 are /dev/null, and all others but fd are closed;
 * - limits on memory and CPU time, and no core dump, file, descriptor or
 *   process may be made;
 * - sandbox_filter;
 * - it is killed when its parent ends, and ignores SIGINT, which is meant for
 *   the parent.
 */
void sandbox_enter(const struct sandbox *s);

/* From here on this process can compute, ask for memory, use descriptors that
 * are open, and end; it can open, connect, start and signal nothing else. By
 * seccomp(2): false where the kernel or this build has none.
 */
bool sandbox_filter(void);

/* Descriptors 0 to 2 become /dev/null, and all others but fd, which is at least
 * 3, are closed.
 */
void sandbox_close(int fd);

#endif
