/* show.h - prints HTTP requests instead of sending them.
 *
 * Floor 2 (send). In place of http.h in a dry run. A request is shown as it
 * would go over the wire, but for what is secret, which is "***", and for the
 * body, which is shown as it was before gzip; or as a command for curl(1), in
 * which a secret is a variable of the shell or stays in its file.
 */
#ifndef SEND_DEST_SHOW_H
#define SEND_DEST_SHOW_H

#include "send/dest/http.h"

/* As http_open; no connection is made. */
int show_open(void **d, const struct http_options *o, struct err *e) MUST_USE;

/* As dest.show. */
void show_request(void *d, struct dest_job *job, bool as_curl, struct buf *b);

/* NULL is allowed. */
void show_close(void *d);

/* A URL with each secret part in it as SHOW_SECRET: the values of a query and
 * what is long and mixed like a token elsewhere, but nothing in {...}.
 */
#define SHOW_SECRET '\001'
void show_mask(struct buf *b, const char *url);

#endif
