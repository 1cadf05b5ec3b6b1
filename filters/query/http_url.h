/* http_url.h - the URL of a database with an HTTP interface: its address and
 * password.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_HTTP_URL_H
#define QUERY_HTTP_URL_H

#include "query/url.h"

/* Appends "https://host:port" to b. TLS is used as the option tls says; without
 * it if the scheme requires it (always) or the host is another machine. The
 * default port is plain_port or tls_port. ERR_USAGE.
 */
int http_url_origin(struct buf *b, const struct url *u, bool always,
		    unsigned plain_port, unsigned tls_port,
		    struct err *e) MUST_USE;

/* Sets *b to the source's password: that of the URL, otherwise of the
 * environment variable, otherwise the first line of the file in the URL's
 * option password-file, which others must not be able to read. *b is empty if
 * there is no password.
 */
int http_url_password(struct buf *b, const struct url *u, const char *variable,
		      struct err *e) MUST_USE;

/* Appends the bytes to b, escaped for the query of a URL (RFC 3986). */
void http_url_escape(struct buf *b, struct slice s);

#endif
