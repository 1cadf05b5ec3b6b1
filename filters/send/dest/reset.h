/* reset.h - detects an HTTP/2 stream that the server has reset after its reply.
 *
 * Floor 2 (send). libcurl 7.88 does not notice the reset, so what has arrived
 * decides.
 */
#ifndef SEND_DEST_RESET_H
#define SEND_DEST_RESET_H

#include "send/dest/transfer.h"

#ifdef WITH_CURL

/* Whether the body of the reply is needed, for the outcome of each event. */
bool reset_wants_body(const struct transfer *s);

/* Whether a request that has received nothing for a second has its complete
 * reply, with the body if that is needed.
 */
bool reset_has_reply(struct transfer *s, uint64_t now_ms);

#endif
#endif
