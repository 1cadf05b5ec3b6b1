/* seal.h - whether a plan is as rudder-map --seal wrote it.
 *
 * Floor 2 (send). The begin line of a sealed stream says so, and its end line
 * has a hash of all bytes before it. The seal shows mistakes (an editor, a
 * copy that is not whole); it does not prove who wrote the plan. A file is
 * checked before anything is sent, a pipe at its end.
 */
#ifndef SEND_SEAL_H
#define SEND_SEAL_H

#include "wire/json/hash_long.h"
#include "wire/stream/input.h"

struct seal {
	struct hash_long *hash; /* NULL: the stream is not sealed */
};

/* Check all of a file that is about to be read, from where it stands; nothing
 * to do for other descriptors and streams. ERR_DATA.
 */
int seal_file(int fd, struct err *e) MUST_USE;

/* The line at hand, of any kind. At the end line: ERR_DATA when the stream is
 * not as it was.
 */
int seal_line(struct seal *s, const struct input *in, struct err *e) MUST_USE;

void seal_clear(struct seal *s);

#endif
