/* backlog.h - bytes of a stream that slower readers have not read yet.
 *
 * Floor 2 (sync). One descriptor is read, several are written, each at its own
 * pace. The latest bytes are in memory; what a slow reader still needs of the
 * earlier ones goes to a temporary file without a name, a ring of max_bytes.
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

/* Memory: BACKLOG_MEMORY. max_bytes is rounded up to whole chunks. */
enum { BACKLOG_CHUNK = 64 * 1024, BACKLOG_MEMORY = 16 * BACKLOG_CHUNK };
struct backlog *backlog_new(size_t n_readers, uint64_t max_bytes) MUST_USE;
void backlog_free(struct backlog *b);

/* Whether there is room to read more; if not, the slowest reader must take
 * some first.
 */
bool backlog_room(const struct backlog *b);

/* Read once from fd, which must be ready, while there is room. 1, 0 at the end
 * of input, or -1 with *e set: ERR_IO, or ERR_CREATE for the temporary file.
 */
int backlog_read(struct backlog *b, int fd, struct err *e) MUST_USE;

/* Bytes that reader i has not taken. */
uint64_t backlog_left(const struct backlog *b, size_t i);

/* Write to fd, which does not block, what it takes of the bytes of reader i at
 * once. 1, 0 when fd has no reader any more (EPIPE), or -1 with *e set: ERR_IO.
 */
int backlog_write(struct backlog *b, size_t i, int fd, struct err *e) MUST_USE;

/* Reader i wants no more. */
void backlog_leave(struct backlog *b, size_t i);

/* Whether the last byte read was not LF. */
bool backlog_in_line(const struct backlog *b);

#endif
