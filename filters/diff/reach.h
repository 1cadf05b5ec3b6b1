/* reach.h - the files that a run or a commit may still open.
 *
 * Floor 2 (diff). Rows and receipts are other people's bytes: what reads them
 * gives up all files but those of its state, and the network (landlock.h).
 */
#ifndef DIFF_REACH_H
#define DIFF_REACH_H

struct reach {
	const char *state;    /* its folder, or NULL */
	int state_fd;         /* the same, open, or -1 */
	const char *stats;    /* file for the counters, or NULL */
	const char *end_from; /* file with the end line, or NULL */
};

/* Once the state is open, and before its input is read. Best effort. */
void reach_state(const struct reach *r);

#endif
