/* err.h - one error value, filled by whoever fails, printed by main.
 *
 * Floor 0. A struct err lives on the caller's stack and allocates nothing,
 * so it can report that memory ran out.
 */
#ifndef CORE_ERR_H
#define CORE_ERR_H

/* What the caller can do about it; each kind has one exit status (err.c and
 * the table in rudder-sync(7)). Only ERR_TEMP is ever retried.
 */
enum err_kind {
	ERR_NONE,
	ERR_PARTIAL, /* 1: complete, but some are rejected or due */
	ERR_BLOCKED, /* 3: a delete guard blocked deletes; the rest is done */
	ERR_EXPECT,  /* 4: the run is done, but an expectation is not met */
	ERR_USAGE,   /* 64: wrong command line: fix the command */
	ERR_DATA,  /* 65: a record breaks the contract, or input is truncated */
	ERR_INPUT, /* 66: an input file is missing */
	ERR_REFUSED,  /* 69: the other side is unavailable, after retries */
	ERR_BUG,      /* 70: a bug of ours */
	ERR_OS,       /* 71: no memory, no process, no descriptor */
	ERR_CREATE,   /* 73: cannot create output or state */
	ERR_IO,       /* 74: disk or pipe failed */
	ERR_TEMP,     /* 75: locked, or may work later: run again */
	ERR_PROTOCOL, /* 76: unexpected reply, or TLS failed */
	ERR_DENIED,   /* 77: not authorised, or file permissions */
	ERR_CONFIG,   /* 78: wrong model, mapping, settings or state format */
	ERR_ABORT,    /* 65, or as wire/stream/abort.h has it: an earlier stage
		       * failed and reported it */
};

struct err {
	enum err_kind kind;
	bool of_output;       /* writing failed: err_in adds nothing */
	bool no_reader;       /* EPIPE: nobody reads the output any more */
	unsigned short named; /* bytes at the start of text without row values
			       * (err_names) */
	unsigned short named_end; /* the same at the end of text */
	char text[480]; /* no newline, no final stop, always terminated */
};

/* Fill *e and return -1, so that a failing path is one statement:
 *
 *     return err_set(e, ERR_DATA, "line %ju: %s", lineno, why);
 */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* The same for a text without row values: it names only options, columns,
 * tables, states and files, as the user wrote them, counts, and advice. The
 * state and the log store such text unchanged; in other text they replace
 * quoted text and long numbers (abort_reason).
 */
int err_names(struct err *e, enum err_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Appends text that may have row values. Returns -1. */
int err_more(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Appends text without row values after text that may have some. Returns -1. */
int err_more_names(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Marks all of the text as without row values: what a server sends before the
 * first row. Returns -1.
 */
int err_all_names(struct err *e);

/* As err_names, with ": " and the text of errno at the end. errno is kept, so
 * that a caller who knows more can report it again.
 */
int err_sys(struct err *e, enum err_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Prepends where it happened ("mapping 'm.json': ..."), without row values, for
 * a caller that passes an error on. Does nothing to an error of_output. Text
 * that does not fit is truncated. Returns -1.
 */
int err_in(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Exit status of a kind, by the table in rudder-sync(7); 0 for ERR_NONE. */
int err_status(enum err_kind kind);

#endif
