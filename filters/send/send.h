/* send.h - sends events to a destination, and writes a receipt for each.
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
	uint64_t connections;  /* 0 here and in the next two: the destination's
				* default
				*/
	uint64_t batch;        /* events per request */
	uint64_t batch_bytes;  /* limit of the body of a request */
	uint64_t batch_age_ms; /* a batch is sent after this time even if not
				* full
				*/
	uint64_t max_event;    /* bytes of an event; 0: what fits into a body */
	uint64_t max_events;   /* stop after that number; 0: no limit */
	uint64_t max_line;     /* bytes of a line of input */
	uint64_t memory;       /* limit of event bytes held; 0: as needed */
	uint64_t rate;         /* events per second; 0: no limit */
	uint64_t burst;        /* events beyond it; 0: one batch */
	uint64_t timeout_ms;   /* of one request */
	uint64_t retry_first_ms; /* upper bound of the wait before the first
				  * retry
				  */
	uint64_t retry_most_ms;  /* upper bound of the longest wait */
	uint64_t retry_total_ms; /* retry no longer than this after the first
				  * failure of a batch
				  */
	uint64_t grace_ms;       /* time that requests in flight have after a
				  * signal
				  */
	bool no_lock;            /* the state is on another machine */
	bool dry_run;
	bool as_curl; /* with dry_run: print commands, no receipts */
	bool compare; /* with dry_run: compare the destination with the state's
		       */
	bool check;   /* only check the address and the key */
	bool trust_eof, any_counts;
	bool confine; /* give up access to files that sending does not need */
	struct dest_given given; /* options of the destination */
};

/* Values of options that were not given. */
extern const struct send_options send_defaults;

/* Sends the events from in, and writes receipts to out, which it closes. 0, or
 * -1 with *e set:
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
 * *signal is set to the signal that stopped the run, by which the caller should
 * die, else to 0. SIGPIPE must be ignored.
 */
int send_run(const struct send_options *o, int in, int out, int *signal,
	     struct err *e) MUST_USE;

#endif
