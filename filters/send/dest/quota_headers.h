/* quota_headers.h - how many requests an API still allows, as the headers of
 * its replies say.
 *
 * Floor 2 (send). Known are RateLimit-Remaining and RateLimit-Reset, both also
 * with X- before the name, and the single field RateLimit with remaining=0,
 * reset=30 (draft-ietf-httpapi-ratelimit-headers up to 07) or "name";r=0;t=30
 * (from 08 on; read 2026-11-30).
 */
#ifndef SEND_DEST_QUOTA_HEADERS_H
#define SEND_DEST_QUOTA_HEADERS_H

#include "core/buf.h"

/* The values of these headers; empty: the reply does not have the header. */
struct quota_headers {
	struct buf field, remaining, reset;
};

/* Stores the value of a header line, given without its line end, if it is one
 * of these headers.
 */
void quota_headers_take(struct quota_headers *q, struct slice line);
void quota_headers_reset(struct quota_headers *q);
void quota_headers_clear(struct quota_headers *q);

/* Returns in how many milliseconds more requests are allowed; 0: not known.
 * *empty: none are allowed before that. A reset is in seconds from now; a value
 * that is as large as a time since 1970 is one, in seconds or milliseconds. The
 * result is at most one day.
 */
uint64_t quota_headers_wait(const struct quota_headers *q, uint64_t wall_ms,
			    bool *empty);

#endif
