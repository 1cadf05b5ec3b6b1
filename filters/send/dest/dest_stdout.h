/* dest_stdout.h - events on standard output, for another program.
 *
 * Floor 2 (send). The receipts then go elsewhere (--receipts).
 */
#ifndef SEND_DEST_DEST_STDOUT_H
#define SEND_DEST_DEST_STDOUT_H

#include "send/dest/dest.h"

extern const struct dest dest_stdout;

#endif
