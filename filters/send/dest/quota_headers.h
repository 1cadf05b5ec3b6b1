/* quota_headers.h - how many requests an API still allows, by the headers of
 * its replies.
 *
 * Floor 2 (send). RateLimit-Remaining and RateLimit-Reset, the same with X-, or
 * one field RateLimit: remaining=0, reset=30
 * (draft-ietf-httpapi-ratelimit-headers up to 07) or "name";r=0;t=30 (from 08
 * on; read 2026-11-30).
 */
#ifndef SEND_DEST_QUOTA_HEADERS_H
#define SEND_DEST_QUOTA_HEADERS_H

#include "core/buf.h"

/* Values of the headers; empty: not there. */
struct quota_headers {
	struct buf field, remaining, reset;
};

/* Takes a header line without its end, if it is one of them. */
void quota_headers_take(struct quota_headers *q, struct slice line);
void quota_headers_reset(struct quota_headers *q);
void quota_headers_clear(struct quota_headers *q);

/* The ms until more requests are allowed; 0: not known. *empty: none is until
 * then. A reset is seconds from now or, where it is as large as one, since 1970
 * (or milliseconds); at most one day.
 */
uint64_t quota_headers_wait(const struct quota_headers *q, uint64_t wall_ms,
			    bool *empty);

#endif
