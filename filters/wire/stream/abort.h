/* abort.h - the abort line of rudder-stream(5): a failure reaches the last
 * stage of a pipe.
 *
 * Floor 1 (wire). A process that writes a stream says so once (abort_output).
 * If it then fails with status 64 or above, tool_end writes one abort line to
 * the stream: the first that was read (abort_came), else one of its own. So
 * this is process-wide state, as core/tool is. Nothing here allocates memory.
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

/* What an abort line says. */
struct abort_line {
	int status; /* 64 to 78; 0: none has arrived */
	char stage[ABORT_STAGE + 1];
	char run[ABORT_RUN + 1]; /* and the next: as in the begin line, where
				  * the stage had one */
	char attempt[ABORT_ATTEMPT + 1];
	char reason[ABORT_REASON + 1]; /* UTF-8 without control characters */
	bool dry_run; /* a stage that wrote or passed it on only tried */
};

/* The control line read last, which has the type abort. A status that is not
 * between 64 and 78 is 65, and a reason that is too long is cut.
 */
void abort_read(struct abort_line *a, const struct control_reader *r,
		const struct control *c);

/* The begin line of this process's stream, which its abort line repeats in
 * part: a stage may fail before it writes one. Texts of another form are left
 * out.
 */
void abort_begun(struct slice run, struct slice attempt);

/* This process only tries: its abort line says so, also of one that it passes
 * on.
 */
void abort_dry_run(void);

/* This process failed because of a, which arrived in a file or by a pipe. The
 * first call counts.
 */
void abort_came(const struct abort_line *a, bool in_file);

/* The line itself, with LF, in text, which has room for ABORT_TEXT bytes.
 * Returns its length.
 */
enum { ABORT_TEXT = 2 * ABORT_REASON + 256 };
size_t abort_text(char text[ABORT_TEXT], const struct abort_line *a);

/* The part of a message that may be passed on: quoted text but the name of a
 * column, and words with @ or of many digits, which may be values of a row,
 * become "…", and the error of a jq program "the jq program failed".
 */
void abort_reason(char to[ABORT_REASON + 1], const char *message);

/* The same of an error, without what has only names (err_names): that stays. */
void abort_reason_of(char to[ABORT_REASON + 1], const struct err *e);

/* How this process, which is the stage named, will end after e: its exit status
 * (0 to 78), and which stage failed for what reason.
 */
void abort_outcome(struct abort_line *a, const char *stage,
		   const struct err *e);

/* This process writes a stream to fd, as the stage named ("query"). A signal
 * that ends the process writes an abort line with status 75, unless output is
 * being written at that moment. fd is duplicated. A later call replaces the
 * output of an earlier one; fd -1: no output.
 */
void abort_output(int fd, const char *stage);

#endif
