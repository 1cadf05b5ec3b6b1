/* reach.h - restricts the files that a run or a commit may still open.
 *
 * Floor 2 (diff). Rows and receipts are foreign input: the process that reads
 * them gives up access to the network, and to all files except those of its
 * state (landlock.h).
 */
#ifndef DIFF_REACH_H
#define DIFF_REACH_H

struct reach {
	const char *state;    /* its folder, or NULL */
	int state_fd;         /* the same, open, or -1 */
	const char *stats;    /* file for the counters, or NULL */
	const char *end_from; /* file with the end line, or NULL */
};

/* Call it when the state is open, before its input is read. Best effort. */
void reach_state(const struct reach *r);

#endif
