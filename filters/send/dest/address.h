/* address.h - checks the URLs to which requests may go.
 *
 * Floor 2 (send).
 */
#ifndef SEND_DEST_ADDRESS_H
#define SEND_DEST_ADDRESS_H

#include "core/buf.h"
#include "core/err.h"

/* Whether it begins with http:, in letters of any case (RFC 3986, 3.1). */
bool address_is_plain(const char *url);

/* Appends the URL of a data plane, followed by path, to b. An endpoint at the
 * end of the URL (/v1/batch) is replaced by path. ERR_USAGE if the URL is not
 * http or https, does not have exactly two slashes before its host, has a user
 * name, a query or a fragment, or is http to another machine without
 * allow_http. path NULL: the URL stays as it is, and may have a query.
 */
int address_url(struct buf *b, const char *url, const char *path,
		bool allow_http, struct err *e) MUST_USE;

#endif
