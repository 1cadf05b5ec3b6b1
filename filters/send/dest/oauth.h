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

enum oauth_state {
	OAUTH_READY,
	OAUTH_WAITS, /* for the token server: ask again soon */
	OAUTH_FAILED,
};

/* A token for a request, with its number in *number; asks the server for one
 * where there is none, without waiting for it: in the meantime call this again
 * every few milliseconds. OAUTH_FAILED: the reply says why, and nothing was
 * sent; the next call asks again.
 */
enum oauth_state oauth_ready(struct oauth *x, unsigned *number,
			     struct reply *r);

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
