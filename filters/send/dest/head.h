/* head.h - the header lines that all requests of a run have.
 *
 * Floor 2 (send). The lines follow each other, each ended by a NUL. A line
 * without a value removes a header that libcurl adds by itself.
 */
#ifndef SEND_DEST_HEAD_H
#define SEND_DEST_HEAD_H

#include "send/dest/http.h"

/* Appends the lines of the options and our own, without the secret one. */
void head_lines(struct buf *b, const struct http_options *o, bool gzip);

/* Whether one of the lines has this name. */
bool head_has(const struct buf *lines, const char *name);

/* Whether a line of this request alone has the same name as line, and so
 * replaces it.
 */
bool head_is_replaced(const struct http_request *r, const char *line);

/* The next line, or the first one for NULL; NULL after the last. */
const char *head_next(const struct buf *lines, const char *line);

#endif
