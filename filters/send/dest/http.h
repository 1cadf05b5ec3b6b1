/* http.h - jobs as POST requests, many at a time, by libcurl's multi interface.
 *
 * Floor 2 (send). One easy handle a lane; connections are kept alive. TLS is
 * always verified, at least 1.2; no redirect is followed; of a reply at most
 * 64 KiB are read; every wait is bounded. Has the shape of a destination, so
 * that those that speak HTTP point here.
 */
#ifndef SEND_DEST_HTTP_H
#define SEND_DEST_HTTP_H

#include "send/dest/dest.h"

/* For requests that differ from one to the next: append this job's URL to
 * url, unless all have the same, and its header lines, each ended by a NUL, to
 * headers. Returns NULL, or why this job cannot be sent (static text).
 */
typedef const char *http_shape_fn(void *ctx, const struct dest_job *job,
				  struct buf *url, struct buf *headers);

struct http_options {
	const char *url;
	const char *method;         /* NULL: POST */
	const char *const *headers; /* whole lines, ended by NULL; copied */
	http_shape_fn *shape;       /* may be NULL */
	void *shape_ctx;
	bool by_event;   /* 404 and the like speak of the event, not of us */
	bool data_plane; /* of RudderStack or Segment: no HTML comes from it */
	unsigned connections;
	bool gzip;
	bool http2;                /* where TLS agrees on it */
	bool deny_private;         /* see private_address.h */
	const char *secret_header; /* whole line; copied */
	const char *key; /* by what we are known there, for messages; copied */
	bool dry;        /* nothing is sent: only http_show may be called */
	const char *key_variable; /* dry: the write key is in it; NULL: none */
	const char *header_file;  /* dry: from which the last n_in_file headers
				     are */
	size_t n_in_file;
	const char *ca_file, *cert_file, *cert_key_file, *pinned;
	uint64_t timeout_ms; /* of one request, from first to last */
	uint64_t connect_ms; /* until connected, TLS included */
};

/* The functions of a struct dest. ERR_CONFIG when libcurl is missing. */
int http_open(void **d, const struct http_options *o, struct err *e) MUST_USE;
void http_start(void *d, struct dest_job *job);
int http_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
	      struct err *e);
struct dest_job *http_done(void *d);

/* For --check: connect, with TLS, and send nothing. Errors as reply_judge. */
int http_check(void *d, uint64_t timeout_ms, struct err *e) MUST_USE;
void http_abort(void *d, struct dest_job *job);
void http_close(void *d);

/* As dest.show. */
void http_show(void *d, struct dest_job *job, bool as_curl, struct buf *b);

#endif
