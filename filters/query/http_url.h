/* http_url.h - the URL of a database that speaks HTTP: where it is, its
 * password.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_HTTP_URL_H
#define QUERY_HTTP_URL_H

#include "query/url.h"

/* "https://host:port" of a source's URL, at the end of b: TLS where its option
 * tls is not off, the scheme demands it (always), or the host is another
 * machine; the port where it is not said is plain_port or tls_port. ERR_USAGE.
 */
int http_url_origin(struct buf *b, const struct url *u, bool always,
		    unsigned plain_port, unsigned tls_port,
		    struct err *e) MUST_USE;

/* The password of a source: that of its URL, else of the environment variable,
 * else the first line of the file that the URL's option password-file names,
 * which others must not be able to read. *b gets it, or stays empty.
 */
int http_url_password(struct buf *b, const struct url *u, const char *variable,
		      struct err *e) MUST_USE;

/* The bytes as part of a URL's query (RFC 3986), at the end of b. */
void http_url_escape(struct buf *b, struct slice s);

#endif
