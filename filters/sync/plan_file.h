/* plan_file.h - the file of a plan: a header, then the events.
 *
 * Floor 2 (sync). The first PLAN_FILE_HEAD bytes are one line of JSON, filled
 * with blanks; behind it stands the stream of rudder-map --seal, byte for byte,
 * which rudder-send reads from there. The header has a hash of itself and of
 * the seal, so that an edited one is noticed.
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

/* A hash of the delivery: the text of its stages. The caller frees it. */
char *plan_file_delivery(struct slice text) MUST_USE;

/* Writes the header of the file open as fd, whose events are there. ERR_DATA
 * where they have no seal; ERR_CREATE where a path is too long; ERR_IO.
 */
int plan_file_write(int fd, const struct plan_file *p, struct err *e) MUST_USE;

/* Reads and checks the header. ERR_CONFIG where it is not a plan, or an edited
 * one; ERR_IO. Clear it in any case.
 */
int plan_file_read(int fd, struct plan_file *p, struct err *e) MUST_USE;

/* All-zero is allowed. */
void plan_file_clear(struct plan_file *p);

#endif
