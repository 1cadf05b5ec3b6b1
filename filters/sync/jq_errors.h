/* jq_errors.h - whether jq(1) has reported an error for a line that it left
 * out.
 *
 * Floor 2 (sync). jq goes on after an error, and ends with the status of its
 * last input: an error for any other leaves no trace but a message (jq 1.6
 * and 1.7, seen 30 November 2026). So its standard error is read here and
 * passed on.
 */
#ifndef SYNC_JQ_ERRORS_H
#define SYNC_JQ_ERRORS_H

/* All-zero but for fd is before the first byte. */
struct jq_errors {
	int fd;      /* to read its standard error from; -1: not read */
	size_t seen; /* letters of "jq: error" at the start of this line */
	bool behind; /* the line began in another way */
	bool found;
};

/* Whether a command is jq, by its name. */
bool jq_errors_of(const char *command);

/* Passes on what can be read now. False at the end, or when reading failed. */
bool jq_errors_read(struct jq_errors *j);

#endif
