/* file_name.h - file names that contain a date or a value of the event.
 *
 * Floor 2 (send). %Y, %m, %d, %H and %M are the time of writing in UTC, {name}
 * or {name.name} is that value of the event, and %% and %{ are a single % and
 * {. In a value all characters except letters, digits and "-_~." are
 * percent-encoded, and so is a dot at its start. So a value can neither leave
 * its folder nor make a hidden file.
 */
#ifndef SEND_DEST_FILE_NAME_H
#define SEND_DEST_FILE_NAME_H

#include "core/buf.h"
#include "core/err.h"

struct url_template;

struct file_name {
	const char *text; /* borrowed */
	bool dated;       /* it contains a time */
	bool by_event;    /* it contains a value of the event */
	size_t fixed;     /* length of the folders in front of the first time or
			   * value, with the last slash */
};

/* ERR_USAGE for a brace without its other half, or an unknown letter after %.
 */
int file_name_parse(struct file_name *n, const char *text,
		    struct err *e) MUST_USE;

/* Appends the name at that time, for the event of t (which may be NULL if
 * by_event is false). Returns NULL, or why this event has no file name (static
 * text): a value is missing, or the name is too long.
 */
const char *file_name_make(const struct file_name *n, struct url_template *t,
			   uint64_t wall_ms, struct buf *to);

#endif
