/* jq_errors.h - detects whether jq(1) has dropped a line because of an error.
 *
 * Floor 2 (sync). jq continues after an error, and ends with the status of its
 * last input: an error for an earlier input leaves nothing but a message (jq
 * 1.6 and 1.7, seen 30 November 2026). So its standard error is read here and
 * passed on.
 */
#ifndef SYNC_JQ_ERRORS_H
#define SYNC_JQ_ERRORS_H

/* Before the first byte all members except fd are zero. */
struct jq_errors {
	int fd;      /* jq's standard error; -1: not read */
	size_t seen; /* number of letters of "jq: error" seen in this line */
	bool behind; /* the rest of this line is not compared */
	bool found;
};

/* Whether the name of the command is jq. */
bool jq_errors_of(const char *command);

/* Passes on what can be read now. False at the end, or if reading fails. */
bool jq_errors_read(struct jq_errors *j);

#endif
