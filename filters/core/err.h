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
	ERR_PARTIAL, /* 1: complete, but some records were refused or are due */
	ERR_BLOCKED, /* 3: a delete guard blocked deletes; the rest is done */
	ERR_EXPECT,  /* 4: the run is done, but not as --expect wants it */
	ERR_USAGE,   /* 64: wrong command line: fix the command */
	ERR_DATA,  /* 65: a record breaks the contract, or input is truncated */
	ERR_INPUT, /* 66: an input file is missing */
	ERR_REFUSED,  /* 69: the other side is not there, after retries */
	ERR_BUG,      /* 70: ours */
	ERR_OS,       /* 71: no memory, no process, no descriptor */
	ERR_CREATE,   /* 73: cannot create output or state */
	ERR_IO,       /* 74: this machine failed: disk, pipe */
	ERR_TEMP,     /* 75: locked, or may work later: run again */
	ERR_PROTOCOL, /* 76: the other side talks nonsense, or TLS failed */
	ERR_DENIED,   /* 77: not authorised, or file permissions */
	ERR_CONFIG,   /* 78: wrong model, mapping, settings or state format */
	ERR_ABORT,    /* 65, or as wire/stream/abort.h knows: a stage before
		       * failed, and has reported it */
};

struct err {
	enum err_kind kind;
	bool of_output;       /* writing failed, whatever was being read: err_in
			       * puts nothing in front */
	bool no_reader;       /* and nobody reads it any more: EPIPE */
	unsigned short named; /* bytes at the start of text that have
			       * no value of a row, see err_names */
	unsigned short named_end; /* the same at its end, behind others */
	char text[480]; /* no newline, no final stop, always terminated */
};

/* Fill *e and return -1, so that a failing path is one statement:
 *
 *     return err_set(e, ERR_DATA, "line %ju: %s", lineno, why);
 */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* The same for a text without a value of a row: what it names are options,
 * columns, tables, states and files, as whoever set up the sync wrote them,
 * counts, and advice. The state and the log keep it whole; of other texts they
 * keep no quoted text and no long number (abort_reason).
 */
int err_names(struct err *e, enum err_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Text behind that, of which this is not known. Returns -1. */
int err_more(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Text behind others of which this is not known: again names and advice alone,
 * which stay. Returns -1.
 */
int err_more_names(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* All of it is as err_names wants it: what a server says before it has sent a
 * row. Returns -1.
 */
int err_all_names(struct err *e);

/* As err_names, with ": " and the text of errno at the end; errno stays, so
 * that a caller who knows better what was done can say it again.
 */
int err_sys(struct err *e, enum err_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Put where it happened in front ("mapping 'm.json': ..."), by names as above,
 * for a caller that passes an error on; not of an error of_output. Text that no
 * longer fits is cut. Returns -1.
 */
int err_in(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Exit status of a kind, by the table in rudder-sync(7); 0 for ERR_NONE. */
int err_status(enum err_kind kind);

#endif
