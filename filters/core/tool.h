/* tool.h - name, messages and exit status of a command.
 *
 * Floor 0. The one place with process-wide state. Messages go to standard
 * error, one line each: "rudder-send: warning: ...", or as JSON objects.
 * A field's value, a key or a header never goes into a message.
 */
#ifndef CORE_TOOL_H
#define CORE_TOOL_H

#include "core/err.h"
#include "core/slice.h"

enum tool_level { TOOL_ERROR, TOOL_WARNING, TOOL_INFO, TOOL_DEBUG };

/* First call of main: name is "rudder-diff", kept as a pointer. Closed
 * standard descriptors are opened on /dev/null, so that no state file ever
 * becomes standard output, and the wrong way round, so that a closed standard
 * output is an error at the first write and not a run without effect.
 */
void tool_start(const char *name);

/* Moves standard input (0) or standard output (1) to a number that no library
 * knows and puts /dev/null in its place. A library that talks to a server may
 * print what the server sends, or read an answer from standard input: neither
 * may reach the stream. Commands do not inherit the new descriptor.
 * Returns its number, or -1 with ERR_OS.
 */
int tool_set_aside(int fd, struct err *e) MUST_USE;

/* Standard output: 1, or where tool_set_aside has moved it. */
int tool_out(void);

const char *tool_name(void);

/* Which messages are printed, and in which form. Until called: warnings, as
 * text. */
void tool_set_log(enum tool_level most, bool json);

/* The same for commands of ours that this one, or its child, becomes or starts:
 * the variable TOOL_LOG has the words "json" and "quiet", of which options of
 * the command are stronger. Commands of users do not get it.
 */
#define TOOL_LOG "RUDDER_LOG"
void tool_hand_on_log(void);

/* Whose messages they are, where several syncs write into one log: the folder
 * of the state and the id of the run, as soon as either is known. JSON has both
 * as members; text as "rudder-send[state run]: ", unless a terminal shows it.
 * An empty slice leaves what was said before.
 */
void tool_set_owner(struct slice state, struct slice run);

/* Whether messages of this level are printed. */
bool tool_logs(enum tool_level level);

/* A line that goes with the error which tool_end will print. */
void tool_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
void tool_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void tool_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void tool_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Whether a person watches this command: standard error is a terminal and
 * standard output does not feed another command, as they were at the start.
 * Such a command draws the progress line and says one line at the end.
 */
bool tool_watched(void);

/* Whether standard error is a terminal and standard output feeds another
 * command, which may watch: progress_feed.h.
 */
bool tool_feeds(void);

/* What is called twice a second while this process waits for input, or NULL. */
enum { TOOL_IDLE_MS = 500 };
typedef void tool_idle_fn(void *ctx);
void tool_on_idle(tool_idle_fn *fn, void *ctx);

/* For a wait of the caller's own, of at most ms milliseconds (-1: no limit):
 * how long it may be at once, and the call after each.
 */
int tool_idle_wait(int ms);
void tool_idle(void);

/* Waits until the descriptor can be read, if there is such a function; else
 * returns at once.
 */
void tool_await(int fd);

/* With the variable RUDDER_STAGE_TIMES a command counts the time that it works,
 * or waits for its own source or destination: all but the waits for the
 * commands beside it in a pipe, each of which is put between these two calls.
 * What tool_wait_begin returns goes to tool_wait_end.
 */
uint64_t tool_wait_begin(void);
void tool_wait_end(uint64_t began);

/* That time so far, in milliseconds; false where it is not counted. */
bool tool_own_ms(uint64_t *ms);

/* progress.c says that its line stands on the terminal, or no longer: the next
 * message wipes it first.
 */
void tool_line_shown(bool shown);

/* Says so where a person may not know that the command waits for what is typed:
 * standard input is read for these records, and is a terminal.
 */
void tool_reads(int fd, const char *records);

/* One line for the end of a successful run: shown where tool_watched or -v
 * asks for it. Where the variable TOOL_SUMMARY was 0 at the start, only -v
 * does: whoever started the command has a line of its own.
 */
#define TOOL_SUMMARY "RUDDER_SUMMARY"
void tool_summary(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* The same for a dry run, which a person asked to see: shown unless -q or
 * TOOL_SUMMARY.
 */
void tool_dry_summary(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Last call of main: prints the error if rc is -1, unless it is ERR_ABORT, and
 * gives the exit status.
 */
int tool_end(int rc, const struct err *e) MUST_USE;

/* The exit status after e, by the function of tool_at_end. */
int tool_status(const struct err *e) MUST_USE;

/* Who is asked for the exit status of a process that failed: it gets the one
 * of e. wire/stream/abort.h says so in the stream here. It allocates no memory.
 */
typedef int tool_end_fn(int status, const struct err *e);
void tool_at_end(tool_end_fn *fn);

/* Ends this process by SIGPIPE, as one ends whose output nobody reads any more;
 * also after a library has had that signal ignored. Returns where it is
 * blocked, and where it was ignored when the command was started.
 */
void tool_end_by_pipe(void);

/* Where the variable TOOL_STAGE was set at the start, rudder run has started
 * this command and says how each command ended: that nobody reads the output
 * any more is then only said with -v. A value that begins with a slash is the
 * state whose messages they are, until one arrives in the stream. Commands that
 * this one starts do not get it.
 */
#define TOOL_STAGE "RUDDER_STAGE"
bool tool_is_stage(void);

/* For a signal handler: the line that says which signal ended the process. */
void tool_stopped(int sig);

/* Signals of the terminal, of timeout(1) and of systemd reach a filter twice,
 * directly and through rudder run. Only one that comes this long after the
 * first was sent again by somebody.
 */
enum { TOOL_AGAIN_MS = 500 };

/* The end, at once, for a thread whose main thread hangs in a library: prints
 * the error and does not return; nothing is flushed.
 */
void tool_give_up(const struct err *e) NO_RETURN;

#endif
