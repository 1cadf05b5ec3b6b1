/* oauth.h - access tokens by OAuth 2 client credentials (RFC 6749, 4.4).
 *
 * Floor 2 (send). The settings are in a file that only its owner may read:
 *
 *     token_url=https://auth.example.com/oauth/token
 *     client_id=...
 *     client_secret=...
 *     scope=contacts.write
 *     auth=body
 *     param.audience=https://api.example.com
 *
 * A token is kept in memory until shortly before it expires. If the API refuses
 * a token (401), one new token is requested.
 */
#ifndef SEND_DEST_OAUTH_H
#define SEND_DEST_OAUTH_H

#include "send/dest/dest.h"

struct oauth;

/* Reads the settings, and does not contact the server. ERR_USAGE for a wrong
 * line or an address that address_url refuses; also fails like file_secret.
 * Free *x with oauth_close, also after a failure.
 */
int oauth_open(struct oauth **x, const char *path, const struct dest_options *o,
	       struct err *e) MUST_USE;

enum oauth_state {
	OAUTH_READY,
	OAUTH_WAITS, /* no answer from the token server yet: call again */
	OAUTH_FAILED,
};

/* Makes a token available for a request, and stores its number in *number. If
 * there is no valid token, asks the server for one without waiting: until it
 * has answered, call this again every few milliseconds. OAUTH_FAILED: *r says
 * why, and the request was not sent; the next call asks the server again.
 */
enum oauth_state oauth_ready(struct oauth *x, unsigned *number,
			     struct reply *r);

/* Appends the header line with the token, and a NUL. */
void oauth_header(const struct oauth *x, struct buf *b);

/* oauth_refused: the reply to a request with token `number` was 401; returns
 * whether trying again with a new token makes sense. oauth_taken: the API
 * accepted the token.
 */
bool oauth_refused(struct oauth *x, unsigned number);
void oauth_taken(struct oauth *x, unsigned number);

/* NULL is allowed. */
void oauth_close(struct oauth *x);

#endif
