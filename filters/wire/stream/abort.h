/* abort.h - the abort line of rudder-stream(5): a failure reaches the last
 * stage of a pipe.
 *
 * Floor 1 (wire). A process that writes a stream calls abort_output once. If it
 * then fails with status 64 or above, tool_end writes one abort line to the
 * stream: the first one that was read (abort_came), or else one of its own. So
 * there is process-wide state, as in core/tool. Nothing here allocates memory.
 */
#ifndef WIRE_STREAM_ABORT_H
#define WIRE_STREAM_ABORT_H

#include "core/err.h"
#include "wire/stream/control.h"

enum {
	ABORT_REASON = 300,
	ABORT_STAGE = 16,
	ABORT_RUN = 20,
	ABORT_ATTEMPT = 32
};

/* The content of an abort line. */
struct abort_line {
	int status; /* 64 to 78; 0: no abort line has arrived */
	char stage[ABORT_STAGE + 1];
	char run[ABORT_RUN + 1]; /* of the begin line, if there was one */
	char attempt[ABORT_ATTEMPT + 1];
	char reason[ABORT_REASON + 1]; /* UTF-8 without control characters */
	bool dry_run; /* a stage that wrote or passed it on made a dry run */
};

/* Reads the control line that r has read last, which has the type abort. A
 * status outside 64 to 78 becomes 65, and a reason that is too long is
 * truncated.
 */
void abort_read(struct abort_line *a, const struct control_reader *r,
		const struct control *c);

/* Sets the run and attempt of this process's begin line, for its abort line: a
 * stage may fail before it writes a begin line. Invalid texts are left out.
 */
void abort_begun(struct slice run, struct slice attempt);

/* This process makes a dry run: its abort line says so, also one that it passes
 * on.
 */
void abort_dry_run(void);

/* This process failed because of a, which was read from a file or a pipe. Only
 * the first call has an effect.
 */
void abort_came(const struct abort_line *a, bool in_file);

/* Writes the line, with LF, to text. Returns its length. */
enum { ABORT_TEXT = 2 * ABORT_REASON + 256 };
size_t abort_text(char text[ABORT_TEXT], const struct abort_line *a);

/* The part of a message that may be passed on. Possible values of a row become
 * "…": quoted text except the name of a column, and words with @ or many
 * digits. The error of a jq program becomes "the jq program failed".
 */
void abort_reason(char to[ABORT_REASON + 1], const char *message);

/* The same for an error, whose text without row values (err_names) stays. */
void abort_reason_of(char to[ABORT_REASON + 1], const struct err *e);

/* The result of this process, which is the stage named, after e: its exit
 * status (0 to 78), and which stage failed for what reason.
 */
void abort_outcome(struct abort_line *a, const char *stage,
		   const struct err *e);

/* This process writes a stream to fd, as the stage named ("query"). If a signal
 * ends the process, it writes an abort line with status 75, unless output is
 * being written at that moment. fd is duplicated. A later call replaces the
 * output of an earlier one; fd -1: no output.
 */
void abort_output(int fd, const char *stage);

#endif
