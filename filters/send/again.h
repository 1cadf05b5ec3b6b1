/* again.h - the file of events that did not get through (--failed).
 *
 * Floor 2 (send). A whole stream of events that rudder-send takes again as it
 * is: the begin line of this run, the events rejected, failed or unknown, byte
 * for byte, and an end line. It is put in place whole at the end of the run,
 * and is there also when nothing failed.
 */
#ifndef SEND_AGAIN_H
#define SEND_AGAIN_H

#include "core/file.h"
#include "core/writer.h"

struct again {
	struct file_new file;
	struct writer *out; /* NULL: no such file was asked for */
	uint64_t n;
};

/* path NULL: the functions below do nothing. ERR_CREATE. */
int again_open(struct again *a, const char *path, struct err *e) MUST_USE;

/* The begin line of this run. ERR_IO, as the next two. */
int again_begin(struct again *a, struct slice line, struct err *e) MUST_USE;
int again_add(struct again *a, struct slice event, struct err *e) MUST_USE;

/* The end line, and the file in its place. */
int again_finish(struct again *a, struct err *e) MUST_USE;

/* Frees; a file that is not finished is removed. */
void again_clear(struct again *a);

#endif
