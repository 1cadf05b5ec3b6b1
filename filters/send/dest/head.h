/* head.h - the header lines that all requests of a run have.
 *
 * Floor 2 (send). One after the other, each ended by a NUL. A line without a
 * value takes away what libcurl would put there by itself.
 */
#ifndef SEND_DEST_HEAD_H
#define SEND_DEST_HEAD_H

#include "send/dest/http.h"

/* Those asked for, and ours; without the secret one. */
void head_lines(struct buf *b, const struct http_options *o, bool gzip);

/* Whether one of them has this name. */
bool head_has(const struct buf *lines, const char *name);

/* Whether one of the lines that a request was given of its own has the name of
 * this one, and so takes its place.
 */
bool head_is_replaced(const struct http_request *r, const char *line);

/* The line behind this one, or the first for NULL; NULL behind the last. */
const char *head_next(const struct buf *lines, const char *line);

#endif
