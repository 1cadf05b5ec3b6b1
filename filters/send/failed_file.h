/* failed_file.h - writes the file of events that were not accepted (--failed).
 *
 * Floor 2 (send). The file is a complete stream of events, which can be sent
 * again with rudder-send as it is: the begin line of this run, the events that
 * are rejected, failed or unknown, byte for byte, and an end line. It replaces
 * an older file at the end of the run, and is written also when nothing failed.
 */
#ifndef SEND_FAILED_FILE_H
#define SEND_FAILED_FILE_H

#include "core/file.h"
#include "core/writer.h"

struct failed_file {
	struct file_new file;
	struct writer *out; /* NULL: without --failed */
	uint64_t n;
};

/* Opens a temporary file next to path. With path NULL the functions below do
 * nothing. ERR_CREATE.
 */
int failed_file_open(struct failed_file *a, const char *path,
		     struct err *e) MUST_USE;

/* Writes the begin line of this run. ERR_IO, also of the next two functions. */
int failed_file_begin(struct failed_file *a, struct slice line,
		      struct err *e) MUST_USE;
int failed_file_add(struct failed_file *a, struct slice event,
		    struct err *e) MUST_USE;

/* Writes the end line, and moves the file to its path. */
int failed_file_finish(struct failed_file *a, struct err *e) MUST_USE;

/* Frees a. Removes the temporary file if it was not finished. */
void failed_file_clear(struct failed_file *a);

#endif
