/* file_name.h - names of files with a date or a value of the event in them.
 *
 * Floor 2 (send). %Y, %m, %d, %H and %M stand for the time of writing in UTC,
 * {name} or {name.name} for that value of the event, %% and %{ for the
 * characters. A value is percent-encoded but for letters, digits and "-_~."; a
 * dot at its start is encoded as well. So it never leaves its folder, and never
 * makes a hidden file.
 */
#ifndef SEND_DEST_FILE_NAME_H
#define SEND_DEST_FILE_NAME_H

#include "core/buf.h"
#include "core/err.h"

struct url_template;

struct file_name {
	const char *text; /* borrowed */
	bool dated;       /* a time is in it */
	bool by_event;    /* a value is in it */
	size_t fixed;     /* bytes of its folders before the first of those,
			   * slash included */
};

/* ERR_USAGE for a lone brace or an unknown letter after %. */
int file_name_parse(struct file_name *n, const char *text,
		    struct err *e) MUST_USE;

/* The name at the end of to, at that time, for the event of t, which may be
 * NULL without by_event. NULL, or why there is none for this event (static
 * text): a value is missing, or too long for a name.
 */
const char *file_name_make(const struct file_name *n, struct url_template *t,
			   uint64_t wall_ms, struct buf *to);

#endif
