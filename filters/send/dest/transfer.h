/* transfer.h - one libcurl handle, its current request and the reply.
 *
 * Floor 2 (send). http.c has one for each connection.
 */
#ifndef SEND_DEST_TRANSFER_H
#define SEND_DEST_TRANSFER_H

#include "send/dest/http.h"
#include "send/dest/private_address.h"
#include "send/dest/quota_headers.h"

struct curl_slist;

/* One easy handle and its current request. */
struct transfer {
	struct http *http;
	void *easy;           /* CURL */
	void *address;        /* CURLU: the URL that it has */
	struct dest_job *job; /* NULL: idle */
	struct buf zipped;
	unsigned sent; /* requests that left for this job */
	/* the reply */
	unsigned status;
	bool complete, flooded;
	bool ended;           /* the body too */
	uint64_t complete_ms; /* when the header was seen to be, or a body that
			       * is wanted has grown; 0: not yet */
	bool keeps_answers;
	bool packed; /* the body is in zipped */
	struct private_address guard;
	size_t header_bytes, body_bytes;
	size_t seen_bytes;         /* of the body, at complete_ms */
	struct curl_slist *header; /* headers of this job only: n_headers nodes
				    */
	size_t n_headers;
	struct buf lines, url; /* texts of them; what the handle has */
	const char *method;    /* that the handle has */
	struct buf body, location, wish, date, type;
	struct quota_headers quota;
	char why[256]; /* CURL_ERROR_SIZE */
};

/* What is known about the server. */
struct http_peer {
	char *key;                /* name of the credential, for messages */
	http_success_fn *success; /* or NULL */
	void *success_ctx;
	bool by_event, data_plane;
	bool replied; /* it has replied in this run */
};

/* Limits a handle to what these settings allow: the protocols (plain: http, and
 * no proxy, which would get the key unencrypted), TLS 1.2 or later, public
 * addresses if that is asked for, and the certificates that ca_file vouches for
 * or, if NULL, SSL_CERT_FILE and SSL_CERT_DIR as for curl(1), or the system's.
 * ERR_CONFIG where libcurl cannot do one of these: none is ever left out.
 */
int transfer_secure(void *easy, const struct network_http *net, bool plain,
		    struct private_address *guard, struct err *e) MUST_USE;

/* The URL of its next requests. It is copied; one that libcurl cannot parse
 * fails when it is used. False where libcurl does not take it: the handle then
 * has the one of before.
 */
bool transfer_address(struct transfer *s, const char *url) MUST_USE;

/* Set all options of the handle that do not change from job to job. headers is
 * borrowed. ERR_CONFIG as above.
 */
int transfer_set_up(struct transfer *s, const struct http_options *o,
		    struct curl_slist *headers, struct err *e) MUST_USE;

/* Decides the reply of the request from libcurl's result code. */
void transfer_judge(const struct transfer *s, int code,
		    const struct http_peer *peer, struct reply *r);

#endif
