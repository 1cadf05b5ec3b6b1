/* file_compression.h - appends to a file of gzip members or zstd frames.
 *
 * Floor 2 (send). Each batch is a piece that can be decompressed alone, so the
 * file is complete after each batch. A piece states its length: a gzip member
 * in an extra field "RD" (RFC 1952, 2.3.1.1), a zstd frame in a skippable frame
 * in front of it (RFC 8878, 3.1.2), as pzstd does. So the end of the last
 * complete piece can be found without decompressing the file.
 */
#ifndef SEND_DEST_FILE_COMPRESSION_H
#define SEND_DEST_FILE_COMPRESSION_H

#include <sys/types.h>

#include "core/buf.h"
#include "core/err.h"

struct file_compression;

/* Chooses the format by the end of the name: .gz or .zst. For other names *c is
 * NULL, and nothing is compressed. ERR_CONFIG if this build has no such
 * library, or if it cannot be loaded.
 */
int file_compression_new(struct file_compression **c, struct slice name,
			 struct err *e) MUST_USE;
void file_compression_free(struct file_compression *c); /* NULL is allowed */

/* ".gz" or ".zst"; "" for NULL. */
const char *file_compression_suffix(const struct file_compression *c);

/* Appends the bytes, at most BATCH_MAX_BYTES, to `to` as one piece. */
void file_compression_pack(struct file_compression *c, struct slice bytes,
			   struct buf *to);

/* Finds how much of a file of size bytes consists of complete pieces, and
 * stores it in *complete. The last piece is decompressed to check it. ERR_IO;
 * ERR_CONFIG if the rest is not the beginning of a piece, which means that
 * another program has written to the file.
 */
int file_compression_check(struct file_compression *c, int fd, off_t size,
			   off_t *complete, struct err *e) MUST_USE;

#endif
