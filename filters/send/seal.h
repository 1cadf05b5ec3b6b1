/* seal.h - checks that a plan is unchanged since rudder-map --seal wrote it.
 *
 * Floor 2 (send). The begin line of a sealed stream has "sealed": true, and its
 * end line has a hash of all bytes before it. The seal detects mistakes (an
 * edit, an incomplete copy); it does not prove who wrote the plan. A file is
 * checked before anything is sent, a pipe when its end line is read.
 */
#ifndef SEND_SEAL_H
#define SEND_SEAL_H

#include "wire/json/hash_long.h"
#include "wire/stream/input.h"

struct seal {
	struct hash_long *hash; /* NULL: the stream is not sealed */
};

/* Checks a sealed file from its current offset to the end, without moving the
 * offset. Does nothing for other descriptors and streams. ERR_DATA.
 */
int seal_file(int fd, struct err *e) MUST_USE;

/* Call it for each line of the input. At the end line: ERR_DATA if the stream
 * has changed since it was sealed.
 */
int seal_line(struct seal *s, const struct input *in, struct err *e) MUST_USE;

void seal_clear(struct seal *s);

#endif
