/* summed_line.h - a file with one line of JSON that ends with its checksum.
 *
 * Floor 1 (wire). The form of the small files of a state that two filters
 * share: {"rudder_cursor":1, members, "sum":"32 hex digits"} and LF. The first
 * member has the kind and the version of the format.
 */
#ifndef WIRE_STATE_SUMMED_LINE_H
#define WIRE_STATE_SUMMED_LINE_H

#include "core/buf.h"
#include "core/err.h"

enum { SUMMED_LINE_SUM = 32 };

/* Replaces the file by b, which is the object up to its last member; adds the
 * checksum and the end to b. Durable on return. ERR_CREATE, ERR_IO.
 */
int summed_line_store(struct buf *b, const char *path, struct err *e) MUST_USE;

/* Loads the object, without LF, into text, which is empty, with READER_PAD
 * bytes after it. head is the expected start of the file, up to the version:
 * {"rudder_x":1, and the members follow it. 1, 0 if there is no file, or -1
 * with *e set:
 *
 *     ERR_CONFIG  the file has a newer version
 *     ERR_DATA    the file is damaged; without a message
 *     ERR_DENIED ERR_IO
 */
int summed_line_load(struct buf *text, const char *head, const char *path,
		     struct err *e) MUST_USE;

/* The checksum of an object that was loaded: 32 digits, borrowed. */
struct slice summed_line_sum(struct slice object);

#endif
