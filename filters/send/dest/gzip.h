/* gzip.h - bodies compressed as gzip, by libdeflate.
 *
 * Floor 2 (send). Level 1: measured at 384 MB/s and a fifth of the size, where
 * level 6 is 2.4 times slower for a sixth.
 */
#ifndef SEND_DEST_GZIP_H
#define SEND_DEST_GZIP_H

#include "core/buf.h"

struct gzip;

/* NULL when built without libdeflate: then bodies go as they are. */
struct gzip *gzip_new(void) MUST_USE;
void gzip_free(struct gzip *p);

/* The gzip form (RFC 1952) of body, in place of what is in to. */
void gzip_pack(struct gzip *p, struct slice body, struct buf *to);

#endif
