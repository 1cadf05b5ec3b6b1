/* file_compression.h - a file of gzip members or zstd frames, appended to.
 *
 * Floor 2 (send). Each batch is a piece that decompresses alone, so the file
 * is complete after each of them. A piece states its length: a gzip member in
 * an extra field "RD" (RFC 1952, 2.3.1.1), a zstd frame in a skippable frame
 * before it (RFC 8878, 3.1.2), as pzstd writes them. So the end of the last
 * complete piece is found without decompressing the file.
 */
#ifndef SEND_DEST_FILE_COMPRESSION_H
#define SEND_DEST_FILE_COMPRESSION_H

#include <sys/types.h>

#include "core/buf.h"
#include "core/err.h"

struct file_compression;

/* By the end of the name: .gz or .zst. *c is NULL for all others, which are
 * not compressed. ERR_CONFIG in a build without the library, or where it
 * cannot be loaded.
 */
int file_compression_new(struct file_compression **c, struct slice name,
			 struct err *e) MUST_USE;
void file_compression_free(struct file_compression *c); /* NULL is allowed */

/* ".gz", or "" for NULL. */
const char *file_compression_suffix(const struct file_compression *c);

/* The bytes, up to BATCH_MAX_BYTES, as a piece at the end of to. */
void file_compression_pack(struct file_compression *c, struct slice bytes,
			   struct buf *to);

/* How much of a file of size bytes is complete pieces, of which the last is
 * decompressed: in *complete. ERR_IO; ERR_CONFIG where what follows is not the
 * start of a piece, so that somebody else wrote it.
 */
int file_compression_check(struct file_compression *c, int fd, off_t size,
			   off_t *complete, struct err *e) MUST_USE;

#endif
