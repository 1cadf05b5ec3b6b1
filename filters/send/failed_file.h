/* failed_file.h - the file of events that did not get through (--failed).
 *
 * Floor 2 (send). A whole stream of events that rudder-send takes again as it
 * is: the begin line of this run, the events rejected, failed or unknown, byte
 * for byte, and an end line. It is put in place whole at the end of the run,
 * and is there also when nothing failed.
 */
#ifndef SEND_FAILED_FILE_H
#define SEND_FAILED_FILE_H

#include "core/file.h"
#include "core/writer.h"

struct failed_file {
	struct file_new file;
	struct writer *out; /* NULL: no such file was asked for */
	uint64_t n;
};

/* path NULL: the functions below do nothing. ERR_CREATE. */
int failed_file_open(struct failed_file *a, const char *path,
		     struct err *e) MUST_USE;

/* The begin line of this run. ERR_IO, as the next two. */
int failed_file_begin(struct failed_file *a, struct slice line,
		      struct err *e) MUST_USE;
int failed_file_add(struct failed_file *a, struct slice event,
		    struct err *e) MUST_USE;

/* The end line, and the file in its place. */
int failed_file_finish(struct failed_file *a, struct err *e) MUST_USE;

/* Frees; a file that is not finished is removed. */
void failed_file_clear(struct failed_file *a);

#endif
