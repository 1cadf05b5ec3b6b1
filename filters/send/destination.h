/* destination.h - compares the destination with the one that the state was
 * delivered to.
 *
 * Floor 2 (send). rudder-stream(5) has the members: `was` of rudder-diff, and
 * `destination`, which rudder-send adds. No secret is in it: what may hold one
 * (the path of a webhook, a command, the write key) is a hash under the salt of
 * the state.
 */
#ifndef SEND_DESTINATION_H
#define SEND_DESTINATION_H

#include "send/dest/dest.h"
#include "wire/stream/control.h"

/* The begin line was read, of which r has the members: whether d is the
 * destination that the state was delivered to. ERR_CONFIG when it is not,
 * unless the begin line accepts that; a warning for another file or command,
 * or another write key. rest is what follows the scheme, key the hash of the
 * write key, all-zero without a key; NULL: it was not read, and is not
 * compared.
 */
int destination_check(const struct dest *d, const char *rest,
		      const struct hash *key, const struct control_reader *r,
		      struct err *e) MUST_USE;

/* The value of the member, at the end of b: nothing where the stream is of no
 * state, or the destination keeps nothing.
 */
void destination_show(const struct dest *d, const char *rest, struct hash key,
		      const struct control_reader *r, struct buf *b);

#endif
