/* destination.h - compares the destination with the one that the state was
 * delivered to.
 *
 * Floor 2 (send). rudder-stream(5) has the members: `was` of rudder-diff, and
 * `destination`, which rudder-send adds. These members hold no secret: what may
 * contain one (the path of a webhook, a command, the write key) is stored as a
 * hash under the salt of the state.
 */
#ifndef SEND_DESTINATION_H
#define SEND_DESTINATION_H

#include "send/dest/dest.h"
#include "wire/stream/control.h"

/* Checks that d is the destination that the state was delivered to. r has the
 * members of the begin line, which was just read. ERR_CONFIG if d differs,
 * unless the begin line accepts that (accept_connection); a different file,
 * command or write key only draws a warning. rest is the part of the
 * destination after the scheme. key is the hash of the write key, all-zero for
 * a destination without a key; NULL: the key was not read, and is not compared.
 */
int destination_check(const struct dest *d, const char *rest,
		      const struct hash *key, const struct control_reader *r,
		      struct err *e) MUST_USE;

/* Appends the value of the member `destination` to b. Appends nothing if the
 * stream has no state, or if the destination stores nothing.
 */
void destination_show(const struct dest *d, const char *rest, struct hash key,
		      const struct control_reader *r, struct buf *b);

#endif
