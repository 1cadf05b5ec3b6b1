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
	void *address;        /* CURLU: its URL, parsed */
	struct dest_job *job; /* NULL: idle */
	struct buf zipped;
	unsigned sent; /* requests sent for this job */
	/* the reply */
	unsigned status;
	bool complete, flooded;
	bool ended;           /* the body too */
	uint64_t complete_ms; /* when the header was complete, or when a needed
			       * body grew last; 0: not yet */
	bool keeps_answers;
	bool packed; /* the body is in zipped */
	struct private_address guard;
	size_t header_bytes, body_bytes;
	size_t seen_bytes;         /* bytes of the body at complete_ms */
	struct curl_slist *header; /* headers of this job only: n_headers nodes
				    */
	size_t n_headers;
	struct buf lines, url; /* texts of these headers; URL of the handle */
	const char *method;    /* method of the handle */
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
 * addresses if asked for, and certificates that ca_file verifies or, if NULL,
 * SSL_CERT_FILE and SSL_CERT_DIR as for curl(1), or the system's. ERR_CONFIG if
 * libcurl cannot do one of these: none is ever left out.
 */
int transfer_secure(void *easy, const struct network_http *net, bool plain,
		    struct private_address *guard, struct err *e) MUST_USE;

/* Sets the URL of the next requests, which is copied. A URL that libcurl cannot
 * parse fails when it is used. False if libcurl refuses it: the handle then
 * keeps the previous one.
 */
bool transfer_address(struct transfer *s, const char *url) MUST_USE;

/* Sets all options of the handle that are the same for all jobs. headers is
 * borrowed. ERR_CONFIG as above.
 */
int transfer_set_up(struct transfer *s, const struct http_options *o,
		    struct curl_slist *headers, struct err *e) MUST_USE;

/* Decides the reply of the request from libcurl's result code. */
void transfer_judge(const struct transfer *s, int code,
		    const struct http_peer *peer, struct reply *r);

#endif
