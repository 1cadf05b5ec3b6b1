/* dest.h - the interface of destinations: one const struct for each kind.
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

/* The outcome of one event, if the destination reports each event by itself. */
struct dest_item {
	enum reply_class class; /* TAKEN, REFUSED, LATER or UNKNOWN; final */
	const char *why;        /* static text; NULL: no reason */
};

struct dest_job {
	unsigned lane;      /* below dest_options.connections */
	struct slice body;  /* borrowed until the job is done */
	struct slice shown; /* dry run: what would be sent; valid until the next
			     * job */
	const struct batch *batch;
	size_t from, to;              /* range of its events in the batch */
	struct reply reply;           /* set when done */
	const struct dest_item *item; /* REPLY_EACH: one item for each event;
				       * valid until the lane's next job */
	struct dest_job *next;
};

struct dest_options {
	const char *url; /* the URL without the scheme and its colon */
	unsigned connections;
	uint64_t batch;        /* maximum number of events per request */
	struct hash *key_hash; /* NULL, or set to a hash of the write key */
	uint64_t timeout_ms;
	uint64_t retry_total_ms; /* for destinations that repeat requests
				  * themselves */
	bool check;              /* only check will be called: create nothing */
	const struct dest *dry;  /* dry run: the real driver; else NULL */
	bool as_curl;            /* dry run: as commands */
	const struct dest_given *given; /* the destination's own options */
};

/* How events are put into requests. */
struct dest_form {
	struct batch_frame frame;
	bool by_action; /* all events of a request have the same action */
};

/* What identifies a destination among those of the same kind, so that a state
 * detects a different one.
 */
enum dest_known_by {
	DEST_BY_NOTHING,  /* it stores nothing: not compared */
	DEST_BY_TEXT,     /* a file or command: a different one is a warning */
	DEST_BY_HOST,     /* the host of a data plane */
	DEST_BY_TEMPLATE, /* a URL whose path may be secret */
	DEST_BY_TOPIC     /* the text after the last slash */
};

struct landlock;

struct dest {
	const char *scheme;
	const char *help; /* what follows the scheme, for --help */
	struct batch_frame frame;
	struct batch_frame single; /* for batches of one; may be empty */
	unsigned connections;      /* the default; 1: more are not allowed */
	uint64_t batch;            /* default: events per request */
	uint64_t batch_bytes;      /* default: bytes of a body */
	uint64_t max_bytes;        /* longest body that the other side accepts
				    */
	enum dest_known_by known_by;
	bool takes_whole; /* a request is accepted or refused as a whole: if
			   * refused, none of its events is stored
			   */
	bool declines;    /* it accepts no event, on purpose */
	bool speaks_http;
	bool takes_output;   /* standard output is for events */
	bool unconfined;     /* it runs programs: no limit on files for them */
	const char *probe;   /* a body that stores nothing; NULL: none */
	const char *refusal; /* text in the 400 reply to probe; NULL: any reply
			      * will do
			      */
	uint64_t big_event;  /* bytes from which an event draws a warning */
	const struct dest_group *groups[DEST_OWN]; /* groups of its options */

	/* Changes the form of requests as the options ask. NULL: no option
	 * changes it.
	 */
	void (*adapt)(const struct dest_options *o, struct dest_form *form);

	/* How long to ask for the outcome of the events after the last was
	 * sent, in ms; 0: do not ask. NULL: the destination cannot be asked.
	 */
	uint64_t (*confirm_ms)(const struct dest_options *o);

	/* Adds the files that the driver opens after the first event to l.
	 * NULL: it opens none. Not called in a dry run.
	 */
	void (*reach)(const struct dest_options *o, struct landlock *l);

	/* Opens the destination and checks its options, without sending
	 * anything. 0 with *d set, or -1 with *e set.
	 */
	int (*open)(void **d, const struct dest_options *o, struct err *e);

	/* For --check: whether events would be accepted, without sending one.
	 * NULL: the probe is sent, or that open succeeded is enough. checked is
	 * the message that states what was checked, and what was not.
	 */
	const char *checked;
	int (*check)(void *d, uint64_t timeout_ms, struct err *e);

	/* Appends what start would send for the job: the members of a JSON
	 * object or, with as_curl, a command, without secrets. A job that
	 * cannot be sent gets its reply. Only for a driver that was opened with
	 * dry, and so uses no network and no key, and writes nothing. NULL:
	 * nothing to show.
	 */
	void (*show)(void *d, struct dest_job *job, bool as_curl,
		     struct buf *b);

	/* Lets each command that is started later inherit this descriptor, so
	 * that its lock is held until the command ends. NULL: the driver starts
	 * no commands.
	 */
	void (*hold)(void *d, int fd);

	/* Starts a job. The destination owns it until it is done. */
	void (*start)(void *d, struct dest_job *job);

	/* Works on the jobs until one is done, one of the n descriptors is
	 * ready (its revents are set), or the time is over. -1: ERR_OS.
	 */
	int (*wait)(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		    struct err *e);

	/* The next job that is done, or NULL. */
	struct dest_job *(*done)(void *d);

	/* Aborts a job, and sets its reply to what is known. done does not
	 * return the job.
	 */
	void (*abort)(void *d, struct dest_job *job);

	/* Why the driver waits, if it retries by itself, as text that it keeps;
	 * returns NULL if it does not wait. May be NULL.
	 */
	const char *(*trouble)(void *d);

	void (*close)(void *d);
};

/* Finds the destination of a URL ("rudder:https://..."); *rest is the text
 * after the colon. NULL with *e set (ERR_USAGE) for an unknown scheme, with the
 * nearest known one.
 */
const struct dest *dest_find(const char *url, const char **rest, struct err *e);

/* Prints all destinations, for --help. */
void dest_print(void);

/* Appends the schemes of all destinations, "rudder:|file:", to b. */
void dest_schemes(struct buf *b);

/* Fills row with the options of single destinations, grouped, whose values go
 * to g. Returns the number of rows, at most max.
 */
size_t dest_rows(struct dest_given *g, struct opt *row, size_t max);

/* The driver for --dry-run: accepts all events, and shows what the real driver
 * would send.
 */
extern const struct dest dest_dry;

#endif
