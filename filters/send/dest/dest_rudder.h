/* dest_rudder.h - a RudderStack data plane, by POST /v1/batch.
 *
 * Floor 2 (send). Answers and limits as rudder-server's gateway has them
 * (github rudderlabs/rudder-server at f2655fb, gateway/, read 2026-08-19).
 */
#ifndef SEND_DEST_DEST_RUDDER_H
#define SEND_DEST_DEST_RUDDER_H

#include "send/dest/dest.h"

extern const struct dest dest_rudder;

#endif
