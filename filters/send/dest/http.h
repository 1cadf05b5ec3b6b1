/* http.h - jobs as HTTP requests, many at a time, by libcurl's multi interface.
 *
 * Floor 2 (send). One easy handle a lane; connections are kept alive. TLS is
 * always verified, at least 1.2; no redirect is followed; of a reply at most
 * 64 KiB are read; every wait is bounded. Has the shape of a destination, so
 * that those that speak HTTP point here.
 */
#ifndef SEND_DEST_HTTP_H
#define SEND_DEST_HTTP_H

#include "send/dest/dest.h"
#include "send/dest/network.h"

/* Bytes of an answer that are kept. */
#define HTTP_ANSWER_MAX ((size_t)16 * 1024 * 1024)

/* Which statuses are success besides 2xx. */
typedef bool http_success_fn(void *ctx, const struct dest_job *job,
			     unsigned status);

/* What one request has of its own. */
struct http_request {
	struct buf url;     /* empty: that of the options */
	struct buf headers; /* lines, each ended by a NUL */
	size_t n_given;     /* of them asked for by the user, the first ones */
	const char *method; /* NULL: POST, or GET where bodiless */
	bool bodiless;
};

/* For requests that differ from one to the next: fills what is empty. Returns
 * NULL, or why this job cannot be sent (static text).
 */
typedef const char *http_shape_fn(void *ctx, const struct dest_job *job,
				  struct http_request *r);

struct http_options {
	const char *url;
	const char *const *headers; /* whole lines, ended by NULL; copied */
	http_shape_fn *shape;       /* may be NULL */
	http_success_fn *success;   /* may be NULL */
	void *shape_ctx;
	bool by_event; /* 404 and the like are about the event, not about us */
	bool data_plane; /* of RudderStack or Segment: no HTML comes from it */
	unsigned connections;
	bool keeps_answers; /* for http_answer */
	bool lines;         /* bodies are NDJSON */
	bool gzip;
	const char *secret_header; /* whole line; copied */
	const char *key; /* by what we are known there, for messages; copied */
	bool dry;        /* nothing is sent: only http_show may be called */
	const char *key_variable; /* dry: the write key is in it; NULL: none */
	const char *header_file;  /* dry: from which the last n_in_file headers
				     are */
	size_t n_in_file;
	struct network_http net;
	uint64_t timeout_ms; /* of one request, from first to last */
	uint64_t connect_ms; /* until connected, TLS included */
};

/* The functions of a struct dest. ERR_CONFIG when libcurl is missing. */
int http_open(void **d, const struct http_options *o, struct err *e) MUST_USE;
void http_start(void *d, struct dest_job *job);
int http_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
	      struct err *e);
struct dest_job *http_done(void *d);

/* The body of the answer to the job of a lane that is done, until its next one
 * starts. *whole: it came to its end, and is no longer than HTTP_ANSWER_MAX.
 */
struct slice http_answer(void *d, unsigned lane, bool *whole);

/* For --check: connect, with TLS, and send nothing. Errors as reply_judge. */
int http_check(void *d, uint64_t timeout_ms, struct err *e) MUST_USE;
void http_abort(void *d, struct dest_job *job);
void http_close(void *d);

/* As dest.show. */
void http_show(void *d, struct dest_job *job, bool as_curl, struct buf *b);

#endif
