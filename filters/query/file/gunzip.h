/* gunzip.h - a file's bytes, decompressed where it is gzip.
 *
 * Floor 2 (query). By zlib; what is not gzip passes as it is. Files that are
 * plainly of another kind are refused by their first bytes.
 */
#ifndef QUERY_FILE_GUNZIP_H
#define QUERY_FILE_GUNZIP_H

#include "query/rows.h"

struct gunzip;

/* Reads from fd, which stays the caller's. Before a read that may block the
 * finished rows go out. Never NULL.
 */
struct gunzip *gunzip_new(int fd, struct rows *rows) MUST_USE;
void gunzip_free(struct gunzip *g); /* NULL is allowed */

/* Up to room bytes to to, their number in *got; a reader_source_fn. 1, 0 at the
 * end, or -1 with *e set:
 *
 *     ERR_IO      cannot read
 *     ERR_DATA    damaged or truncated gzip, or another kind of file
 *     ERR_CONFIG  gzip, in a build without zlib
 */
int gunzip_read(void *ctx, char *to, size_t room, size_t *got,
		struct err *e) MUST_USE;

#endif
