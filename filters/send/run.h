/* run.h - what one run of rudder-send holds, for the files that do its parts.
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
#include "send/lane.h"
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

struct run {
	struct watchdog *watchdog;
	const struct send_options *o;
	const struct dest *dest; /* what the URL names */
	const struct dest *ops;  /* who does it: dest, or dest_dry */
	void *d;
	struct dest_options given;
	uint64_t confirm_ms; /* 0: nothing is asked at the end */
	struct batch_frame frame;
	uint64_t batch, batch_bytes, max_event; /* after the defaults */
	bool by_action; /* the events of a request have one action */
	struct retry_policy retry;

	struct input in;
	uint64_t shape; /* of event, for which at is right */
	int at[RUN_MEMBERS];
	bool eof;          /* no more input is taken */
	struct err in_err; /* why, when it was not its end */
	bool in_failed;

	struct writer *out;
	int out_fd;          /* of out */
	struct buf end;      /* the end line, but for its counts */
	uint64_t planned[3]; /* inserts, updates and deletes, by the end line */
	uint64_t receipts;
	struct failed_file failed_file;
	struct writer *shown; /* for requests of a dry run; NULL: out */
	struct confirm confirm;
	struct err confirm_err;   /* why it could not be confirmed */
	struct buf tail, scratch; /* of one receipt */

	struct lane *lane;
	unsigned lanes, flying;
	unsigned turn; /* the lane that may start first */
	struct rate rate;
	size_t held;         /* bytes of memory for the events in lanes */
	uint64_t memory;     /* how many there may be */
	struct batch *spare; /* empty ones, for use again */
	size_t spare_bytes;  /* of memory that they keep */

	uint64_t now_ms;      /* as the loop last saw it */
	uint64_t taken_ms;    /* last success */
	uint64_t acceptances; /* requests that were accepted */
	/* events that failed alone since the last of them, and of these 403 */
	unsigned alone, forbidden;
	struct reply refusal; /* the last of an event alone */
	struct held refused;  /* receipts */
	bool warned;          /* of replies that broke off */
	unsigned nonsense;    /* replies in a row that were no HTTP */
	struct hash key_hash; /* of the write key; all-zero: none */
	struct attempt attempt;
	struct seal seal; /* of the events */
	bool confined;    /* or asked not to be */

	bool stopping; /* start nothing; finish what is in flight */
	struct err stop;
	int signal; /* that asked for it */
	uint64_t deadline_ms;

	/* counted: the names of --stats */
	uint64_t event_bytes, in_flight, fine; /* accepted or delivered */
	struct latency latency;                /* of requests */
	char trouble[128];                     /* the last failure */
	uint64_t
		failing_ms; /* since when nothing was accepted; 0: no failure */
	uint64_t told_ms;   /* when that was said last */
	pid_t parent;       /* who must be there for another try; 0: nobody */
	uint64_t untried;   /* failed, of which no request was made */
	uint64_t events, outcome[RECEIPT_STATUSES], requests, retries, bytes,
		big;
	struct reasons reasons; /* of events that did not get through */
	struct progress progress;
};

#endif
