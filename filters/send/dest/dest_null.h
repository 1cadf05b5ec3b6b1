/* dest_null.h - nowhere: takes everything, for measuring and trying out.
 *
 * Floor 2 (send). Receipts say "delivered".
 */
#ifndef SEND_DEST_DEST_NULL_H
#define SEND_DEST_DEST_NULL_H

#include "send/dest/dest.h"

extern const struct dest dest_null;

#endif
