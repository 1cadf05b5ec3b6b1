/* reset.h - a stream of HTTP/2 that the server resets behind its reply.
 *
 * Floor 2 (send). libcurl 7.88 does not notice that: what has come decides.
 */
#ifndef SEND_DEST_RESET_H
#define SEND_DEST_RESET_H

#include "send/dest/transfer.h"

#ifdef WITH_CURL

/* Whether the body of the reply is asked for the outcome of each event. */
bool reset_wants_body(const struct transfer *s);

/* Whether a request that has got nothing for a second has its reply: all of the
 * body where that is wanted.
 */
bool reset_has_reply(struct transfer *s, uint64_t now_ms);

#endif
#endif
