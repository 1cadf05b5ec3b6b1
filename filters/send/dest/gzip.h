/* gzip.h - compresses bodies as gzip, with libdeflate.
 *
 * Floor 2 (send). Level 1: measured at 384 MB/s, to a fifth of the size. Level
 * 6 takes 2.4 times as long, to a sixth of the size.
 */
#ifndef SEND_DEST_GZIP_H
#define SEND_DEST_GZIP_H

#include "core/buf.h"

struct gzip;

/* Returns NULL if built without libdeflate: then bodies are sent uncompressed.
 */
struct gzip *gzip_new(void) MUST_USE;
void gzip_free(struct gzip *p);

/* Replaces the content of to by body compressed as gzip (RFC 1952). */
void gzip_pack(struct gzip *p, struct slice body, struct buf *to);

#endif
