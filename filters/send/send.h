/* send.h - events in, requests out, a receipt for every event.
 *
 * Floor 2 (send). The whole filter: reads the stream "events", writes the
 * stream "receipts", see rudder-stream(5).
 */
#ifndef SEND_SEND_H
#define SEND_SEND_H

#include "core/err.h"
#include "send/dest/dest_option.h"
#include "wire/stream/input.h"

struct send_options {
	const char *dest;      /* URL */
	const char *failed;    /* file for events not accepted; NULL: none */
	const char *receipts;  /* file; NULL: standard output */
	const char *stats;     /* file; NULL: none */
	uint64_t connections;  /* 0: the destination's default, as next two */
	uint64_t batch;        /* events a request */
	uint64_t batch_bytes;  /* of its body */
	uint64_t batch_age_ms; /* a batch waits no longer for more events */
	uint64_t max_event;    /* bytes; 0: what fits into a body */
	uint64_t max_events;   /* take no more; 0: all */
	uint64_t max_line;     /* bytes */
	uint64_t memory;       /* bytes of events held; 0: as many as needed */
	uint64_t rate;         /* events a second; 0: no limit */
	uint64_t burst;        /* events beyond it; 0: one batch */
	uint64_t timeout_ms;   /* of one request */
	uint64_t retry_first_ms; /* bound of the first wait */
	uint64_t retry_most_ms;  /* bound of the longest */
	uint64_t retry_total_ms; /* since the first failure of a batch */
	uint64_t grace_ms;       /* for what is in flight at a signal */
	bool no_lock;            /* the state in begin is another machine's */
	bool dry_run;
	bool as_curl; /* with dry_run: print commands, no receipts */
	bool compare; /* with dry_run: with what the state was delivered to */
	bool check;   /* look whether key and address are right, no more */
	bool trust_eof, any_counts;
	bool confine; /* give up the files that are not needed to send */
	struct dest_given given; /* options of one destination */
};

/* What is used where nothing is said. */
extern const struct send_options send_defaults;

/* Run it from in to out, which it closes. 0, or -1 with *e set:
 *
 *     ERR_PARTIAL   some events were rejected, failed or are unknown
 *     ERR_DATA      the input is truncated or breaks the contract
 *     ERR_REFUSED   the destination is not available, after retries
 *     ERR_TEMP      locked, or the destination asked for later
 *     ERR_PROTOCOL  TLS, or a reply that is not HTTP
 *     ERR_DENIED    401, 403, 404, or file permissions
 *     ERR_CONFIG    redirected, or no write key
 *     ERR_USAGE     destination or options
 *     ERR_IO        receipts could not be written; sending stopped
 *
 * *signal is set to the signal that stopped the run, by which the caller
 * should die, else to 0. SIGPIPE must be ignored.
 */
int send_run(const struct send_options *o, int in, int out, int *signal,
	     struct err *e) MUST_USE;

#endif
