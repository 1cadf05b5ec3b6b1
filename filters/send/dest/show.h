/* show.h - prints HTTP requests instead of sending them.
 *
 * Floor 2 (send). A dry run uses it in place of http.h. It prints a request as
 * it would be sent, except that each secret is "***" and that the body is as it
 * was before gzip; or as a command for curl(1), in which a secret is a variable
 * of the shell or stays in its file.
 */
#ifndef SEND_DEST_SHOW_H
#define SEND_DEST_SHOW_H

#include "send/dest/http.h"

/* Same as http_open, but makes no connection. */
int show_open(void **d, const struct http_options *o, struct err *e) MUST_USE;

/* Same as dest.show. */
void show_request(void *d, struct dest_job *job, bool as_curl, struct buf *b);

/* NULL is allowed. */
void show_close(void *d);

/* Appends a URL in which SHOW_SECRET stands for each part that may be secret:
 * the values in the query, and anywhere else a long part that looks like a
 * token, but nothing inside {...}.
 */
#define SHOW_SECRET '\001'
void show_mask(struct buf *b, const char *url);

#endif
