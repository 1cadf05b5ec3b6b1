/* oauth.h - access tokens by OAuth 2 client credentials (RFC 6749, 4.4).
 *
 * Floor 2 (send). The settings are a file that only its owner may read:
 *
 *     token_url=https://auth.example.com/oauth/token
 *     client_id=...
 *     client_secret=...
 *     scope=contacts.write
 *     auth=body
 *     param.audience=https://api.example.com
 *
 * A token is kept in memory until shortly before it expires. An API that
 * refuses one (401) is given a new one once.
 */
#ifndef SEND_DEST_OAUTH_H
#define SEND_DEST_OAUTH_H

#include "send/dest/dest.h"

struct oauth;

/* Reads the settings in the file; nothing is asked for. ERR_USAGE for a wrong
 * line or an address as address_url refuses it, and as file_secret. Free *x
 * with oauth_close, also after a failure.
 */
int oauth_open(struct oauth **x, const char *path, const struct dest_options *o,
	       struct err *e) MUST_USE;

/* A token for a request: true, with its number in *number; else the reply says
 * why not: nothing was sent. It blocks for as long as one request may.
 */
bool oauth_ready(struct oauth *x, unsigned *number, struct reply *r);

/* The header line with it and its NUL, at the end of b. */
void oauth_header(const struct oauth *x, struct buf *b);

/* The reply to a request with token `number` was 401: whether a new token may
 * help. taken: it was accepted instead.
 */
bool oauth_refused(struct oauth *x, unsigned number);
void oauth_taken(struct oauth *x, unsigned number);

/* NULL is allowed. */
void oauth_close(struct oauth *x);

#endif
