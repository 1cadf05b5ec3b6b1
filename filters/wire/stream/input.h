/* input.h - reads the input of a filter: lines checked, classified and counted.
 *
 * Floor 1 (wire). Reads a stream of rudder-stream(5): data lines, and control
 * lines from begin to end. input_complete decides whether a stream is complete
 * or truncated.
 */
#ifndef WIRE_STREAM_INPUT_H
#define WIRE_STREAM_INPUT_H

#include "core/err.h"
#include "core/reader.h"
#include "wire/json/scan.h"
#include "wire/stream/abort.h"
#include "wire/stream/control.h"

/* The longest accepted line, unless --max-line sets another limit. */
#define INPUT_MAX_LINE ((size_t)16 * 1024 * 1024)
#define INPUT_TOO_LONG "longer than 16 MiB"

enum input_kind {
	INPUT_DATA, /* a data line: members are set; control too, if a change */
	INPUT_BAD,  /* a data line that cannot be read: why is set */
	INPUT_BEGIN, /* control is set, as for the next three */
	INPUT_END,
	INPUT_NOTE,  /* a reject or skip of an earlier stage */
	INPUT_ABORT, /* handled here: do not pass it on */
	INPUT_OTHER, /* a control line of another type: pass it on */
};

struct input_options {
	size_t max_line; /* bytes */
	bool trust_eof;  /* --trust-eof: end of file ends the stream */
	bool is_file;    /* the same for a file without a begin line */
	bool any_counts; /* --any-counts: a filter in between dropped lines */
};

struct input {
	/* of the line read last */
	enum input_kind kind;
	struct slice line;                /* without LF */
	const struct scan_member *member; /* INPUT_DATA: n of them */
	size_t n;
	uint64_t shape; /* scan_shape of a data line */
	int rudder;     /* index of the member _rudder, or -1 */
	struct control control;
	char why[480]; /* INPUT_BAD: "byte 7: invalid number" */

	/* counted so far */
	uint64_t data;    /* data lines, bad ones too */
	uint64_t rejects; /* reject lines of stages before */
	uint64_t skips;   /* skip lines of stages before */
	uint64_t missing; /* lines of missing keys: INPUT_OTHER */
	bool begun, ended;
	bool listed;             /* the begin line lists the columns */
	struct buf model, clock; /* of begin, as text, or empty */
	struct buf part, key;    /* likewise, as JSON */
	struct buf delta;        /* likewise (wire/state/delta_base.h) */
	bool partial;   /* end has it: rows were left out on purpose (--limit, a
			 * cursor), so no key counts as missing */
	bool unchanged; /* end has it: the source was not read, because nothing
			 * has changed in it */
	bool has_query_ms; /* of end */
	uint64_t query_ms;
	struct buf
		cursor; /* of end: the object (wire/state/cursor.h), or empty */
	struct abort_line abort; /* the first that arrived: an earlier stage
				  * failed, and the stream is truncated */

	/* internal */
	struct input_options o;
	struct reader *reader;
	struct scan *scan;
	struct control_reader *controls;
	uint64_t rudder_shape;
	char stream[16];   /* of begin: "rows"; "" before */
	bool in_file;      /* the input is a file, not a pipe */
	bool counts_fit;   /* of end */
	uint64_t promised; /* number of data lines in the end line */
};

/* Reads fd, which the caller closes. wait as in reader_new. */
void input_init(struct input *in, int fd, const struct input_options *o,
		reader_wait_fn *wait, void *ctx);
void input_clear(struct input *in);

/* The next line: 1 with kind set, 0 at end of input, -1 with *e set:
 *
 *     ERR_IO    read(2) failed
 *     ERR_DATA  a second begin, or a line after end
 *     ERR_ABORT the same, if an abort line arrived before
 *
 * What it sets is borrowed until the next call. A byte order mark and blank
 * lines at the start are skipped; other empty lines are bad lines.
 */
int input_next(struct input *in, struct err *e) MUST_USE;

/* The same if the next line is valid and already in memory: else 0, and nothing
 * changes.
 */
int input_at_hand(struct input *in, struct err *e) MUST_USE;

/* The bytes that were read but not returned yet, whole lines and a part of one:
 * as reader_rest.
 */
struct slice input_rest(const struct input *in);

/* Takes its first line, of n bytes and its LF, without parsing it: the caller
 * knows from its bytes that it is a data line. False if the line is too long or
 * after the end: then input_next reports why.
 */
bool input_pass(struct input *in, size_t n) MUST_USE;

/* As input_next for a line that the caller has split off itself (rudder-send,
 * which waits for the network too): never 0.
 */
int input_take(struct input *in, struct slice line, bool too_long,
	       struct err *e) MUST_USE;

/* At the end of input: takes the end line from a file, which rudder-query
 * --end-file wrote because a filter in between drops control lines and rows.
 * The stream is then partial and has no cursor, because that filter may have
 * failed. Does nothing if the input had its own end line. ERR_DATA if the file
 * is missing or has no end line: the producer failed.
 */
int input_end_from(struct input *in, const char *path, struct err *e) MUST_USE;

/* At the end of input: 0 if the whole stream was seen, so that keys that did
 * not arrive are missing; else -1 with ERR_DATA and the reason, or ERR_ABORT,
 * which outranks it.
 */
int input_complete(const struct input *in, struct err *e) MUST_USE;

/* Appends a string member of the current control line, decoded; nothing if the
 * line does not have it.
 */
void input_text(const struct input *in, const char *name, struct buf *b);

/* Number of the line, from 1. */
uint64_t input_lineno(const struct input *in);

/* Appends a reject line for the current line, without LF. */
void input_reject(const struct input *in, struct buf *b, const char *stage,
		  const char *reason);

#endif
