/* gunzip.h - reads a file, and decompresses it if it is gzip.
 *
 * Floor 2 (query). Uses zlib; other bytes are passed unchanged. Files of other
 * known kinds are refused by their first bytes.
 */
#ifndef QUERY_FILE_GUNZIP_H
#define QUERY_FILE_GUNZIP_H

#include "query/rows.h"

struct gunzip;

/* Reads from fd, which stays the caller's. Flushes finished rows before a read
 * that may block. Never NULL.
 */
struct gunzip *gunzip_new(int fd, struct rows *rows) MUST_USE;
void gunzip_free(struct gunzip *g); /* NULL is allowed */

/* Reads up to room bytes into `to` and sets *got; a reader_source_fn. Returns
 * 1, 0 at the end, or -1 with *e set:
 *
 *     ERR_IO      cannot read
 *     ERR_DATA    damaged or truncated gzip, or another kind of file
 *     ERR_CONFIG  gzip, in a build without zlib
 */
int gunzip_read(void *ctx, char *to, size_t room, size_t *got,
		struct err *e) MUST_USE;

#endif
