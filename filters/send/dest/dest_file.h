/* dest_file.h - events appended to a file, one a line.
 *
 * Floor 2 (send). Whole lines only, in the order of the input, and safe on the
 * disk (fdatasync) before their receipts say "delivered". A last line without
 * its end, which a killed run left, is cut off first. One run a file at a
 * time (flock).
 */
#ifndef SEND_DEST_DEST_FILE_H
#define SEND_DEST_DEST_FILE_H

#include "send/dest/dest.h"

extern const struct dest dest_file;

#endif
