/* dest_declined.h - a plan that was not approved: nothing is sent.
 *
 * Floor 2 (send). Receipts say "failed: not approved", so that the changes are
 * no longer pending, and the next run offers the rows as they are then.
 */
#ifndef SEND_DEST_DEST_DECLINED_H
#define SEND_DEST_DEST_DECLINED_H

#include "send/dest/dest.h"

extern const struct dest dest_declined;

#endif
