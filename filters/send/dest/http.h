/* http.h - sends jobs as HTTP requests, many at a time, with libcurl's multi
 * interface.
 *
 * Floor 2 (send). Each lane has one easy handle; connections are kept alive.
 * TLS is always verified and at least 1.2; redirects are not followed; at most
 * 64 KiB of a reply are read, or HTTP_ANSWER_MAX if answers are kept; every
 * wait has a limit. The functions are those of a struct dest, so that
 * destinations that use HTTP can point to them.
 */
#ifndef SEND_DEST_HTTP_H
#define SEND_DEST_HTTP_H

#include "send/dest/dest.h"
#include "send/dest/network.h"

/* Maximum number of bytes of an answer that are kept. */
#define HTTP_ANSWER_MAX ((size_t)16 * 1024 * 1024)

/* Returns whether this status is success, though it is not 2xx. */
typedef bool http_success_fn(void *ctx, const struct dest_job *job,
			     unsigned status);

/* What is specific to one request. */
struct http_request {
	struct buf url;     /* empty: the URL of the options */
	struct buf headers; /* lines, each ended by a NUL */
	size_t n_given;     /* number of lines that the user gave; they come
			     * first */
	const char *method; /* NULL: POST, or GET if bodiless */
	bool bodiless;
};

/* For requests that differ from each other: fills r, which is empty. Returns
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
	bool by_event;   /* 404 and similar statuses are about the event, not
			  * about our URL */
	bool data_plane; /* of RudderStack or Segment: a reply in HTML does not
			  * come from it */
	unsigned connections;
	bool keeps_answers; /* answers are kept for http_answer */
	bool lines;         /* bodies are NDJSON */
	bool gzip;
	const char *secret_header; /* whole line; copied */
	const char *key; /* the credential that messages mention; copied */
	bool dry;        /* nothing is sent: only http_show may be called */
	const char *key_variable; /* dry: variable that has the write key; NULL:
				   * none */
	const char *header_file;  /* dry: file of the last n_in_file headers */
	size_t n_in_file;
	struct network_http net;
	uint64_t timeout_ms; /* timeout of a whole request */
	uint64_t connect_ms; /* timeout for a connection, including TLS */
};

/* The functions of a struct dest. ERR_CONFIG when libcurl is missing. */
int http_open(void **d, const struct http_options *o, struct err *e) MUST_USE;
void http_start(void *d, struct dest_job *job);
int http_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
	      struct err *e);
struct dest_job *http_done(void *d);

/* Returns the body of the answer to the finished job of a lane; it is valid
 * until the lane's next job starts. *whole: the answer is complete and not
 * longer than HTTP_ANSWER_MAX.
 */
struct slice http_answer(void *d, unsigned lane, bool *whole);

/* For --check: connects, with TLS, and sends nothing. Errors as in reply_judge.
 */
int http_check(void *d, uint64_t timeout_ms, struct err *e) MUST_USE;
void http_abort(void *d, struct dest_job *job);
void http_close(void *d);

/* Same as dest.show. */
void http_show(void *d, struct dest_job *job, bool as_curl, struct buf *b);

#endif
