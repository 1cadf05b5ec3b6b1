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

/* The first call of main: name is "rudder-diff", kept as a pointer. Opens
 * closed standard descriptors on /dev/null, so that no state file ever becomes
 * standard output. They are opened in the wrong direction: a closed standard
 * output is then an error at the first write, not a run without effect.
 */
void tool_start(const char *name);

/* Moves standard input (0) or standard output (1) to another number, and puts
 * /dev/null in its place. A library that talks to a server may print what the
 * server sends, or read an answer from standard input: neither may reach the
 * stream. Commands do not inherit the new descriptor. Returns its number, or -1
 * with ERR_OS.
 */
int tool_set_aside(int fd, struct err *e) MUST_USE;

/* Standard output: 1, or where tool_set_aside has moved it. */
int tool_out(void);

const char *tool_name(void);

/* Sets which messages are printed, and in which form. Until then: warnings, as
 * text.
 */
void tool_set_log(enum tool_level most, bool json);

/* Passes that on to our own commands that this process starts or becomes, in
 * the variable TOOL_LOG with the words "json" and "quiet". Options of such a
 * command override it. Commands of users do not get it.
 */
#define TOOL_LOG "RUDDER_LOG"
void tool_hand_on_log(void);

/* Sets whose messages they are, if several syncs write into one log: the folder
 * of the state and the id of the run, as soon as either is known. JSON has both
 * as members; text has "rudder-send[state run]: ", unless it goes to a
 * terminal. An empty slice changes nothing.
 */
void tool_set_owner(struct slice state, struct slice run);

/* Whether messages of this level are printed. */
bool tool_logs(enum tool_level level);

/* Prints a line in addition to the error that tool_end will print. */
void tool_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
void tool_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void tool_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void tool_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Whether a person watches this command: at its start, standard error was a
 * terminal and standard output did not feed another command. Such a command
 * draws the progress line and prints a summary.
 */
bool tool_watched(void);

/* Whether standard error is a terminal and standard output feeds another
 * command, which may draw the line: progress_feed.h.
 */
bool tool_feeds(void);

/* Sets a function that is called twice a second while this process waits for
 * input, or NULL.
 */
enum { TOOL_IDLE_MS = 500 };
typedef void tool_idle_fn(void *ctx);
void tool_on_idle(tool_idle_fn *fn, void *ctx);

/* For a caller that waits by itself, for at most ms milliseconds (-1: no
 * limit): how long it may wait at once, and the call after each wait.
 */
int tool_idle_wait(int ms);
void tool_idle(void);

/* Waits until the descriptor is readable, if there is such a function; else
 * returns at once.
 */
void tool_await(int fd);

/* If the variable RUDDER_STAGE_TIMES is set, a command measures the time in
 * which it works, or waits for its own source or destination. Waits for the
 * commands beside it in a pipe do not count: each is between these two calls.
 * tool_wait_end gets the result of tool_wait_begin.
 */
uint64_t tool_wait_begin(void);
void tool_wait_end(uint64_t began);

/* That time so far, in milliseconds; false if it is not measured. */
bool tool_own_ms(uint64_t *ms);

/* Called by progress.c when its line is on the terminal, or not any more: the
 * next message erases it first.
 */
void tool_line_shown(bool shown);

/* Prints a note if standard input is a terminal and is read for these records:
 * the user may not know that the command waits for input.
 */
void tool_reads(int fd, const char *records);

/* Prints one line at the end of a successful run: if tool_watched or with -v.
 * If the variable TOOL_SUMMARY was 0 at the start, only with -v: whoever
 * started the command prints its own line.
 */
#define TOOL_SUMMARY "RUDDER_SUMMARY"
void tool_summary(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* The same for a dry run, whose result a person wants to see: printed unless -q
 * or TOOL_SUMMARY is set.
 */
void tool_dry_summary(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* The last call of main: prints the error if rc is -1, unless it is ERR_ABORT,
 * and returns the exit status.
 */
int tool_end(int rc, const struct err *e) MUST_USE;

/* The exit status for e, by the function of tool_at_end. */
int tool_status(const struct err *e) MUST_USE;

/* Sets the function that returns the exit status of a failed process; it gets
 * the status of e. wire/stream/abort.h also writes the abort line there. It
 * must not allocate memory.
 */
typedef int tool_end_fn(int status, const struct err *e);
void tool_at_end(tool_end_fn *fn);

/* Ends this process by SIGPIPE, as usual when nobody reads the output any more,
 * even if a library ignores that signal. Returns if the signal is blocked, or
 * was ignored when the command was started.
 */
void tool_end_by_pipe(void);

/* Set if rudder run has started this command; rudder run reports how each
 * command ended, so a closed output is reported with -v only. A value that
 * begins with a slash is the state to name in messages, until the stream has
 * one. Commands that this one starts do not get the variable.
 */
#define TOOL_STAGE "RUDDER_STAGE"
bool tool_is_stage(void);

/* For a signal handler: prints which signal ended the process. */
void tool_stopped(int sig);

/* A signal of the terminal, of timeout(1) or of systemd reaches a filter twice,
 * directly and through rudder run. Only one that comes at least this long after
 * the first was sent again on purpose.
 */
enum { TOOL_AGAIN_MS = 500 };

/* Ends the process at once, for a thread while the main thread hangs in a
 * library: prints the error and does not return; flushes nothing.
 */
void tool_give_up(const struct err *e) NO_RETURN;

#endif
