/* backlog.h - buffers the bytes of a stream that slower readers have not read
 * yet.
 *
 * Floor 2 (sync). One descriptor is read and several are written, each at its
 * own pace. The newest bytes are in memory. Older bytes that a slow reader
 * still needs go to a temporary file without a name, a ring of max_bytes.
 *
 *        0 ........ slowest ........ oldest ........ newest
 *                      |--- file ---|--- memory ---|
 *
 * Positions count the bytes of the stream from its start.
 */
#ifndef SYNC_BACKLOG_H
#define SYNC_BACKLOG_H

#include "core/err.h"

struct backlog;

/* Uses BACKLOG_MEMORY bytes of memory. max_bytes is rounded up to whole chunks.
 */
enum { BACKLOG_CHUNK = 64 * 1024, BACKLOG_MEMORY = 16 * BACKLOG_CHUNK };
struct backlog *backlog_new(size_t n_readers, uint64_t max_bytes) MUST_USE;
void backlog_free(struct backlog *b);

/* Whether there is room to read more. If not, the slowest reader must first
 * take some bytes.
 */
bool backlog_room(const struct backlog *b);

/* Reads once from fd, which must be ready, if there is room. Returns 1, 0 at
 * end of input, or -1 with *e set: ERR_IO, or ERR_CREATE for the temporary
 * file.
 */
int backlog_read(struct backlog *b, int fd, struct err *e) MUST_USE;

/* The number of bytes that reader i has not taken yet. */
uint64_t backlog_left(const struct backlog *b, size_t i);

/* Writes bytes of reader i to fd, which is non-blocking, as many as it takes at
 * once. Returns 1, 0 if fd has no reader any more (EPIPE), or -1 with *e set:
 * ERR_IO.
 */
int backlog_write(struct backlog *b, size_t i, int fd, struct err *e) MUST_USE;

/* Removes reader i, which needs no more bytes. */
void backlog_leave(struct backlog *b, size_t i);

/* Whether the last byte read was in the middle of a line: not LF. */
bool backlog_in_line(const struct backlog *b);

#endif
