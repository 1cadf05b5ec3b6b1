/* filter.h - rudder filter: runs any program on the data lines of a stream.
 *
 * Floor 2 (sync). The program gets the data lines on standard input, and its
 * output replaces them. Control lines are passed around it. The end line is
 * written last, with the counts of the program's output, and only if the
 * program succeeded. So the stream is complete, or visibly truncated.
 *
 * One process waits for all descriptors at once and blocks only on its output,
 * so no program can block it forever: not one that reads everything before it
 * writes, one that never reads, or one that writes more than it reads. It
 * buffers about 256 KiB of lines and one more line.
 */
#ifndef SYNC_FILTER_H
#define SYNC_FILTER_H

#include "core/err.h"
#include "wire/stream/input.h"

struct filter_options {
	struct input_options input;
	char **command; /* the program and its arguments, ended by NULL */
};

/* Filters from fd in to fd out, which it closes. Returns 0, or -1 with *e set:
 *
 *     ERR_DATA    the input is truncated; the program failed or was killed,
 *                 or wrote a line that is not a data line of this stream
 *     ERR_ABORT   an earlier stage failed
 *     ERR_CONFIG  the program cannot be started
 *     any         status 64 to 78 of the program
 *     ERR_IO      reading or writing failed
 */
int filter_run(const struct filter_options *o, int in, int out,
	       struct err *e) MUST_USE;

#endif
