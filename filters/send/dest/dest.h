/* dest.h - where events go: one const struct a kind of destination.
 *
 * Floor 2 (send). A destination is named by a URL scheme. It is given jobs,
 * each with the events of one request, at most one per lane at a time, and
 * returns them with their outcome. It blocks only in wait.
 */
#ifndef SEND_DEST_DEST_H
#define SEND_DEST_DEST_H

#include <poll.h>

#include "core/opt.h"
#include "send/dest/batch.h"
#include "send/dest/dest_option.h"
#include "send/dest/reply.h"
#include "wire/json/hash.h"

/* What came of one event, where the destination says so one by one. */
struct dest_item {
	enum reply_class class; /* TAKEN, REFUSED, LATER or UNKNOWN; final */
	const char *why;        /* static text; NULL: nothing to say */
};

struct dest_job {
	unsigned lane;      /* below dest_options.connections */
	struct slice body;  /* borrowed until the job is done */
	struct slice shown; /* dry run: what would be sent; until the next */
	const struct batch *batch;
	size_t from, to;              /* its events in the batch */
	struct reply reply;           /* set when done */
	const struct dest_item *item; /* REPLY_EACH: to - from of them; lives
				       * until the lane's next job */
	struct dest_job *next;
};

struct dest_options {
	const char *url; /* what stands behind the scheme and its colon */
	unsigned connections;
	uint64_t batch;        /* events a request at most */
	struct hash *key_hash; /* set by those that have a write key; or NULL */
	uint64_t timeout_ms;
	uint64_t retry_total_ms; /* for those that repeat by themselves */
	bool check;              /* it will be asked that alone: make nothing */
	const struct dest *dry;  /* dry run: who would do it; NULL: none */
	bool as_curl;            /* dry run: as commands */
	const struct dest_given *given; /* the destination's own options */
};

/* How events are put into requests. */
struct dest_form {
	struct batch_frame frame;
	bool by_action; /* those of one request have the same action */
};

/* By what a state tells one destination of the kind from another. */
enum dest_known_by {
	DEST_BY_NOTHING,  /* it keeps nothing: not compared */
	DEST_BY_TEXT,     /* a file or command: a different one is a warning */
	DEST_BY_HOST,     /* of a data plane */
	DEST_BY_TEMPLATE, /* a URL whose path may be secret */
	DEST_BY_TOPIC     /* behind the last slash */
};

struct landlock;

struct dest {
	const char *scheme;
	const char *help; /* what follows the scheme, for --help */
	struct batch_frame frame;
	struct batch_frame single; /* for batches of one; may be empty */
	unsigned connections;      /* the default, and 1: never more */
	uint64_t batch;            /* default: events a request */
	uint64_t batch_bytes;      /* default: bytes of a body */
	uint64_t max_bytes;        /* the other side takes no longer ones */
	enum dest_known_by known_by;
	bool takes_whole; /* a request that is refused for one event
			   * has left nothing of the others there
			   */
	bool declines;    /* it takes nothing, and is meant to */
	bool speaks_http;
	bool takes_output;   /* standard output is for events */
	bool unconfined;     /* it runs programs: no limit on files for them */
	const char *probe;   /* a body that stores nothing; NULL: none */
	const char *refusal; /* words of the 400 to it; NULL: any will do */
	uint64_t big_event;  /* bytes from which an event draws a warning */
	const struct dest_group *groups[DEST_OWN]; /* of its options */

	/* What its options change in the form of requests. NULL: nothing. */
	void (*adapt)(const struct dest_options *o, struct dest_form *form);

	/* How long to ask for the outcome of the events after the last of them,
	 * in ms; 0: not at all. NULL: it cannot be asked.
	 */
	uint64_t (*confirm_ms)(const struct dest_options *o);

	/* The files that it still opens after the first event, into l. NULL:
	 * none. Not asked in a dry run.
	 */
	void (*reach)(const struct dest_options *o, struct landlock *l);

	/* 0 with *d set, or -1: what is wrong with the options. Nothing has
	 * been sent.
	 */
	int (*open)(void **d, const struct dest_options *o, struct err *e);

	/* For --check: whether events would arrive, without sending one. NULL:
	 * the probe tells, or that it is open. checked says what is known then,
	 * and what is not.
	 */
	const char *checked;
	int (*check)(void *d, uint64_t timeout_ms, struct err *e);

	/* What start would do with the job, at the end of b: the members of a
	 * JSON object or, with as_curl, a command; no secret is in it. One that
	 * cannot be sent gets its reply. For those opened with dry, which then
	 * reach for no network, no key, and write nothing. NULL: nothing to
	 * show.
	 */
	void (*show)(void *d, struct dest_job *job, bool as_curl,
		     struct buf *b);

	/* A descriptor that each command started from now on inherits, so that
	 * the lock behind it is held until the command ends. NULL: it starts
	 * none.
	 */
	void (*hold)(void *d, int fd);

	/* Take a job, which is the destination's until it is done. */
	void (*start)(void *d, struct dest_job *job);

	/* Work, until a job is done, or one of the n descriptors is ready
	 * (then its revents are set), or the time is over. -1: ERR_OS.
	 */
	int (*wait)(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		    struct err *e);

	/* The next job that is done, or NULL. */
	struct dest_job *(*done)(void *d);

	/* Break off a job: its reply says what is known. It is not in done. */
	void (*abort)(void *d, struct dest_job *job);

	/* Why it waits, where it repeats by itself, in static or its own text;
	 * NULL: it does not. May be NULL.
	 */
	const char *(*trouble)(void *d);

	void (*close)(void *d);
};

/* The destination of a URL ("rudder:https://..."), and what follows the colon
 * in *rest. NULL with *e set (ERR_USAGE) for an unknown scheme, with the
 * nearest known one.
 */
const struct dest *dest_find(const char *url, const char **rest, struct err *e);

/* Prints all of them, for --help. */
void dest_print(void);

/* The schemes of all of them, "rudder:|file:", at the end of b. */
void dest_schemes(struct buf *b);

/* The rows of the options that destinations have of their own, grouped, whose
 * values go to g. Returns their number, at most max.
 */
size_t dest_rows(struct dest_given *g, struct opt *row, size_t max);

/* The one that takes everything and shows what another would do with it, for
 * --dry-run.
 */
extern const struct dest dest_dry;

#endif
