/* summed_line.h - a file of one line of JSON that ends with its checksum.
 *
 * Floor 1 (wire). The form of the small files of a state that two filters
 * share: {"rudder_cursor":1, members, "sum":"32 hex digits"} and LF. The first
 * member is the name of the kind and the version of its format.
 */
#ifndef WIRE_STATE_SUMMED_LINE_H
#define WIRE_STATE_SUMMED_LINE_H

#include "core/buf.h"
#include "core/err.h"

enum { SUMMED_LINE_SUM = 32 };

/* Replaces the file by b, which is the object without its end, and gets it:
 * durable when it returns. ERR_CREATE, ERR_IO.
 */
int summed_line_store(struct buf *b, const char *path, struct err *e) MUST_USE;

/* The object, without LF, at the end of the empty text, with READER_PAD bytes
 * behind. head is the start of the file, up to the version: {"rudder_x":1, and
 * from head on the members follow. 1, 0 when there is no file, or -1 with *e
 * set:
 *
 *     ERR_CONFIG  the file is of a newer version
 *     ERR_DATA    the file is damaged; no message
 *     ERR_DENIED ERR_IO
 */
int summed_line_load(struct buf *text, const char *head, const char *path,
		     struct err *e) MUST_USE;

/* The checksum of an object that was loaded: 32 digits, borrowed. */
struct slice summed_line_sum(struct slice object);

#endif
