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
	REPLY_FORBIDDEN, /* because of an event, or all are; see err */
	REPLY_TOO_LARGE, /* the request as a whole is too large */
	REPLY_LATER,     /* not accepted; the same request may succeed later */
	REPLY_UNKNOWN,   /* perhaps accepted: send again with the same ids */
	REPLY_NONSENSE,  /* the same, and the reply was not HTTP */
	REPLY_EACH,      /* one outcome for each event: dest_job.item */
	REPLY_FATAL,     /* the whole run must stop, see err */
};

struct reply {
	enum reply_class class;
	unsigned status;  /* HTTP status; 0: none came */
	unsigned sent;    /* requests that left for this outcome; libcurl sends
			   * again by itself where a kept connection had died
			   */
	uint64_t wish_ms; /* Retry-After; TAKEN: pause before other requests */
	bool delivered;   /* TAKEN: not only accepted, but delivered */
	bool doubt;       /* not TAKEN, but it may have been accepted */
	bool verdict;     /* the other side refused the request as a whole: no
			   * proof for each of several events, unless it takes
			   * requests whole
			   */
	bool final;       /* UNKNOWN, and sending it again cannot help */
	bool again;       /* EACH, LATER: some events must be sent again */
	bool conflict;    /* LATER by 409 or 423: an earlier attempt may have
			   * been accepted
			   */
	bool untried;     /* LATER: the run ends, and no request was made */
	bool named;       /* the reason has the address, and no value of a row
			   */
	bool of_host;     /* it is of the URL's host, or of the way there */
	struct err err;   /* FATAL; EACH, where the run must stop, too */
	char reason[256]; /* not TAKEN, or a warning: UTF-8, one line */
};

/* What is known of one transfer. */
struct reply_facts {
	int curl;              /* CURLcode */
	const char *why;       /* libcurl's words for it */
	unsigned status;       /* of the last header that began; 0: none */
	bool complete;         /* its blank line was seen */
	bool flooded;          /* we aborted: the header has no end */
	bool guarded;          /* the address is not one we may connect to */
	bool success;          /* the user counts this status as success */
	bool by_event;         /* each event has its own address */
	bool data_plane;       /* the other side should be a data plane */
	unsigned proxy_status; /* of a proxy's answer to CONNECT; 0: none */
	bool replied_before;   /* an earlier request of this run got a reply */
	unsigned sent;
	uint64_t wish_ms;
	uint64_t quota_ms; /* until the API allows more; 0: not known */
	bool quota_empty;  /* and nothing until then */
	const char *key;   /* by what we are known: "the write key in 'k'" */
	struct slice body; /* what was kept of it */
	struct slice location, type; /* headers; may be empty */
};

/* Sets the reason to the first line of text from outside, made safe for logs
 * and receipts.
 */
void reply_words(struct reply *r, struct slice text);

void reply_judge(struct reply *r, const struct reply_facts *f);

#endif
