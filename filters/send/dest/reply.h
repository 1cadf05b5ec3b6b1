/* reply.h - decides from the reply to a request what happened to its events.
 *
 * Floor 2 (send). The table of network outcomes as a pure function: it maps
 * what libcurl and the server reported to a class.
 */
#ifndef SEND_DEST_REPLY_H
#define SEND_DEST_REPLY_H

#include "core/err.h"
#include "core/slice.h"

enum reply_class {
	REPLY_TAKEN,     /* the destination has accepted all events */
	REPLY_REFUSED,   /* at least one event is permanently rejected */
	REPLY_FORBIDDEN, /* 403: an event may be the cause, or all are refused;
			  * see err */
	REPLY_TOO_LARGE, /* the request as a whole is too large */
	REPLY_LATER,     /* not accepted; the same request may succeed later */
	REPLY_UNKNOWN,   /* perhaps accepted: send again with the same ids */
	REPLY_NONSENSE,  /* like UNKNOWN, and the reply was not HTTP */
	REPLY_EACH,      /* one outcome for each event: dest_job.item */
	REPLY_FATAL,     /* the whole run must stop, see err */
};

struct reply {
	enum reply_class class;
	unsigned status;  /* HTTP status; 0: none came */
	unsigned sent;    /* requests sent for this outcome: libcurl repeats one
			   * by itself if a kept connection was closed */
	uint64_t wish_ms; /* Retry-After; TAKEN: pause before other requests */
	bool delivered;   /* TAKEN: not only accepted, but delivered */
	bool doubt;       /* not TAKEN, but it may have been accepted */
	bool verdict;     /* the server refused the request as a whole: that
			   * proves nothing for one of several events, unless
			   * it always accepts or refuses requests as a whole */
	bool final;       /* UNKNOWN, and sending it again cannot help */
	bool again;       /* EACH, LATER: some events must be sent again */
	bool conflict;    /* LATER by 409 or 423: an earlier attempt may have
			   * been accepted
			   */
	bool untried;     /* LATER: the run ends, and no request was made */
	bool named;       /* the reason contains the address, and no value of a
			   * row */
	bool of_host;     /* the reason is about the URL's host, or about the
			   * way to it */
	struct err err;   /* FATAL; EACH, if the run must stop too */
	char reason[256]; /* not TAKEN, or a warning: UTF-8, one line */
};

/* What is known about one transfer. */
struct reply_facts {
	int curl;        /* CURLcode */
	const char *why; /* libcurl's text for the error */
	unsigned status; /* status of the last header that began; 0: none */
	bool complete;   /* the header is complete */
	bool flooded;    /* we aborted: the header has no end */
	bool guarded;    /* the address is not one we may connect to */
	bool success;    /* the user counts this status as success */
	bool by_event;   /* each event has its own address */
	bool data_plane; /* the other side should be a data plane */
	unsigned proxy_status; /* of a proxy's answer to CONNECT; 0: none */
	bool replied_before;   /* an earlier request of this run got a reply */
	unsigned sent;
	uint64_t wish_ms;
	uint64_t quota_ms; /* until the API allows more; 0: not known */
	bool quota_empty;  /* and nothing until then */
	const char *key;   /* the credential, for messages: "the write key in
			    * 'k'" */
	struct slice body; /* the part of the body that was kept */
	struct slice location, type; /* headers; may be empty */
};

/* Sets the reason to the first line of text from outside, made safe for logs
 * and receipts.
 */
void reply_words(struct reply *r, struct slice text);

void reply_judge(struct reply *r, const struct reply_facts *f);

#endif
