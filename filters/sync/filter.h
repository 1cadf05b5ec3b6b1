/* filter.h - rudder filter: any program on the data lines of a stream.
 *
 * Floor 2 (sync). The program gets the data lines on standard input, and what
 * it prints takes their place. Control lines go around it. The end line is
 * written last, with the counts of what the program made of the data, and only
 * when the program has succeeded: so the stream stays complete, or shows that
 * it is not.
 *
 * One process waits for all descriptors at once and blocks only on its output,
 * so no program can make it hang: one that reads all before it writes, one that
 * never reads, one that writes more than it reads. It holds some 256 KiB of
 * lines and one line more.
 */
#ifndef SYNC_FILTER_H
#define SYNC_FILTER_H

#include "core/err.h"
#include "wire/stream/input.h"

struct filter_options {
	struct input_options input;
	char **command; /* its words, ended by NULL */
};

/* From fd in to fd out, which it closes. 0, or -1 with *e set:
 *
 *     ERR_DATA    the input is truncated; the program failed or was killed,
 *                 or printed what is not a data line of this stream
 *     ERR_ABORT   a stage before failed
 *     ERR_CONFIG  the program cannot be started
 *     any         status 64 to 78 of the program
 *     ERR_IO      reading or writing failed
 */
int filter_run(const struct filter_options *o, int in, int out,
	       struct err *e) MUST_USE;

#endif
