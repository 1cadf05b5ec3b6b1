/* run.h - the data of one run of rudder-send, shared by its files.
 *
 * Floor 2 (send). No functions: intake.c brings events into lanes, outcome.c
 * makes receipts of what came of them, send.c has the loop.
 */
#ifndef SEND_RUN_H
#define SEND_RUN_H

#include <sys/types.h>

#include "core/progress.h"
#include "core/writer.h"
#include "send/attempt.h"
#include "send/confirm.h"
#include "send/dest/dest.h"
#include "send/dest/retry.h"
#include "send/failed_file.h"
#include "send/held.h"
#include "send/lanes.h"
#include "send/latency.h"
#include "send/rate.h"
#include "send/receipt.h"
#include "send/seal.h"
#include "send/send.h"
#include "wire/stream/reasons.h"

/* Members of an event that concern us. */
enum run_member {
	RUN_USER,
	RUN_ANONYMOUS,
	RUN_RECORD,
	RUN_MESSAGE,
	RUN_ACTION,
	RUN_MEMBERS,
};

/* What was asked, by options and the defaults of the destination: fixed before
 * the first event.
 */
struct run_asked {
	const struct send_options *o;
	const struct dest *dest; /* what the URL names */
	const struct dest *ops;  /* who does it: dest, or dest_dry */
	void *d;                 /* of ops */
	struct dest_options to;
	uint64_t confirm_ms; /* 0: nothing is asked at the end */
	uint64_t max_event;  /* bytes */
	bool by_action;      /* the events of a request have one action */
	struct retry_policy retry;
};

/* What is known of the state that the events come from, and of how the
 * destination does.
 */
struct run_known {
	struct attempt attempt;
	struct hash key_hash; /* of the write key; all-zero: none */

	uint64_t now_ms;      /* as the loop last saw it */
	uint64_t taken_ms;    /* last success */
	uint64_t acceptances; /* requests that were accepted */
	/* events that failed alone since the last of them, and of these 403 */
	unsigned alone, forbidden;
	struct reply refusal; /* the last of an event alone */
	bool warned;          /* of replies that broke off */
	unsigned nonsense;    /* replies in a row that were no HTTP */
	char trouble[128];    /* the last failure */
	bool trouble_of_host; /* a reply that does not name the host */
	uint64_t failing_ms;  /* since when nothing was accepted; 0: it was */
	uint64_t told_ms;     /* when that was said last */
	pid_t parent;         /* who must be there for another try; 0: nobody */
	struct rate rate;
};

/* What has arrived. */
struct run_arrived {
	struct input in;
	uint64_t shape; /* of event, for which at is right */
	int at[RUN_MEMBERS];
	bool eof;       /* no more input is taken */
	struct err err; /* why, when it was not its end */
	bool failed;
	struct seal seal;
	struct buf scratch;

	uint64_t events, event_bytes;
	uint64_t big;        /* events that draw a warning */
	struct buf end;      /* the end line, but for its counts */
	uint64_t planned[3]; /* inserts, updates and deletes, by the end line */
};

/* What leaves: receipts, and the counts of them and of requests. */
struct run_leaving {
	struct writer *out;
	int out_fd;           /* of out */
	struct writer *shown; /* for requests of a dry run; NULL: out */
	struct failed_file failed_file;
	struct confirm confirm;
	struct err confirm_err; /* why it could not be confirmed */
	struct held refused;    /* receipts */
	struct buf tail;        /* of one receipt */

	uint64_t receipts, outcome[RECEIPT_STATUSES];
	uint64_t earlier[RECEIPT_STATUSES]; /* of outcome: rejects and skips of
					     * earlier stages */
	struct reasons reasons; /* of events that did not get through */
	uint64_t untried;       /* failed, of which no request was made */
	uint64_t requests, retries, bytes;
	uint64_t in_flight, fine; /* for the live line; accepted or delivered */
	struct latency latency;   /* of requests */
	struct progress progress;
	struct progress_count counts[12], live[7]; /* of progress */
};

/* An end before that of the input. */
struct run_stop {
	bool begun; /* start nothing; finish what is in flight */
	struct err why;
	int signals; /* readable when there is one; -1: not yet watched */
	int signal;  /* that asked for it */
	uint64_t signal_ms; /* when it came */
	uint64_t deadline_ms;
	struct watchdog *watchdog;
	bool confined; /* or asked not to be */
};

struct run {
	struct run_asked asked;
	struct run_known known;
	struct run_arrived arrived;
	struct run_lanes lanes; /* what is between */
	struct run_leaving leaving;
	struct run_stop stop;
};

#endif
