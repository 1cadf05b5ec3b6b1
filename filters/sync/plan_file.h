/* plan_file.h - the file of a plan: a header, then the events.
 *
 * Floor 2 (sync). The first PLAN_FILE_HEAD bytes are one line of JSON, padded
 * with blanks. After it comes the stream of rudder-map --seal, unchanged;
 * rudder-send reads from there. The header has a hash of itself and of the
 * seal, so that an edited plan is detected.
 */
#ifndef SYNC_PLAN_FILE_H
#define SYNC_PLAN_FILE_H

#include "core/buf.h"
#include "core/err.h"

enum { PLAN_FILE_HEAD = 4096 };

struct plan_file {
	char *file;          /* owned: absolute path of the sync file */
	char *destination;   /* owned: its name, or "" */
	char *delivery;      /* owned: a hash of how the events are delivered */
	char *created;       /* owned: RFC 3339 */
	uint64_t expires_ms; /* wall clock */
	uint64_t events;
};

/* A hash of the text of the stages that deliver the events. The caller frees
 * it.
 */
char *plan_file_delivery(struct slice text) MUST_USE;

/* Writes the header of the file fd, which already contains the events. ERR_DATA
 * if they have no seal; ERR_CREATE if a path is too long; ERR_IO.
 */
int plan_file_write(int fd, const struct plan_file *p, struct err *e) MUST_USE;

/* Reads and checks the header. ERR_CONFIG if it is not a plan, or an edited
 * one; ERR_IO. Clear it in any case.
 */
int plan_file_read(int fd, struct plan_file *p, struct err *e) MUST_USE;

/* All-zero is allowed. */
void plan_file_clear(struct plan_file *p);

#endif
