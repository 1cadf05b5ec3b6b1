/* run.h - the data of one run of rudder-send, shared by its files.
 *
 * Floor 2 (send). No functions: intake.c puts events into lanes, outcome.c
 * turns the replies into receipts, send.c has the loop.
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

/* The members of an event that rudder-send reads. */
enum run_member {
	RUN_USER,
	RUN_ANONYMOUS,
	RUN_RECORD,
	RUN_MESSAGE,
	RUN_ACTION,
	RUN_MEMBERS,
};

/* Settings of the run, from the options and the defaults of the destination.
 * They do not change after the first event.
 */
struct run_asked {
	const struct send_options *o;
	const struct dest *dest; /* the destination that the URL names */
	const struct dest *ops;  /* the driver in use: dest, or dest_dry */
	void *d;                 /* handle of ops */
	struct dest_options to;
	uint64_t confirm_ms; /* longest wait for --confirm; 0: without it */
	uint64_t max_event;  /* bytes */
	bool by_action;      /* all events of a request have the same action */
	struct retry_policy retry;
};

/* What the run has learned: about the state that the events come from, and
 * about the health of the destination.
 */
struct run_known {
	struct attempt attempt;
	struct hash key_hash; /* hash of the write key; all-zero: no key */

	uint64_t now_ms;      /* the time in this round of the loop */
	uint64_t taken_ms;    /* time of the last success */
	uint64_t acceptances; /* requests that were accepted */
	/* events that failed alone since the last acceptance, and how many of
	 * them got a 403
	 */
	unsigned alone, forbidden;
	struct reply refusal; /* the last refusal of an event alone */
	bool warned;          /* about replies with an incomplete body */
	unsigned nonsense;    /* replies in a row that were not HTTP */
	char trouble[128];    /* the last failure */
	bool trouble_of_host; /* trouble is a reply, which does not name the
			       * host
			       */
	uint64_t failing_ms;  /* the first failure since the last acceptance; 0:
			       * no failure since
			       */
	uint64_t told_ms;     /* time of the last warning about failing_ms */
	pid_t parent;         /* process that must still run for retries to go
			       * on; 0: none
			       */
	struct rate rate;
};

/* The input. */
struct run_arrived {
	struct input in;
	uint64_t shape; /* shape of the events that `at` is valid for */
	int at[RUN_MEMBERS];
	bool eof;       /* no more input is read */
	struct err err; /* why the input failed */
	bool failed;
	struct seal seal;
	struct buf scratch;

	uint64_t events, event_bytes;
	uint64_t big;        /* events longer than dest.big_event */
	struct buf end;      /* end line of the receipts without its counts */
	uint64_t planned[3]; /* inserts, updates and deletes of the end line */
};

/* The output: receipts, and counts of receipts and requests. */
struct run_leaving {
	struct writer *out;
	int out_fd;           /* of out */
	struct writer *shown; /* for requests of a dry run; NULL: use out */
	struct failed_file failed_file;
	struct confirm confirm;
	struct err confirm_err; /* why --confirm failed */
	struct held refused;    /* receipts of refused events that are held */
	struct buf tail;        /* the second half of a receipt, see
				 * receipt_tail
				 */

	uint64_t receipts, outcome[RECEIPT_STATUSES];
	uint64_t earlier[RECEIPT_STATUSES]; /* those of outcome that are rejects
					     * and skips of earlier stages
					     */
	struct reasons reasons; /* why events were rejected, failed or are
				 * unknown
				 */
	uint64_t untried;       /* failed events without any request */
	uint64_t requests, retries, bytes;
	uint64_t in_flight, fine; /* for the live line; fine: accepted,
				   * delivered or shown
				   */
	struct latency latency;   /* of requests */
	struct progress progress;
	struct progress_count counts[12], live[7]; /* shown by progress */
};

/* A stop before the end of the input. */
struct run_stop {
	bool begun; /* no request starts; those in flight may finish */
	struct err why;
	int signals;        /* readable if a signal is pending; -1: not open */
	int signal;         /* the signal that caused the stop; 0: none */
	uint64_t signal_ms; /* when the first signal arrived */
	uint64_t deadline_ms;
	struct watchdog *watchdog;
	bool confined; /* confine_run was called */
};

struct run {
	struct run_asked asked;
	struct run_known known;
	struct run_arrived arrived;
	struct run_lanes lanes; /* events between input and receipt */
	struct run_leaving leaving;
	struct run_stop stop;
};

#endif
