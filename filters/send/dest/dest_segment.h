/* dest_segment.h - whatever speaks Segment's HTTP tracking API.
 *
 * Floor 2 (send). POST /v1/batch with Basic authentication by write key; a
 * request is at most 500 KB, an event at most 32 KB (Segment's documentation,
 * "HTTP API source").
 */
#ifndef SEND_DEST_DEST_SEGMENT_H
#define SEND_DEST_DEST_SEGMENT_H

#include "send/dest/dest.h"

extern const struct dest dest_segment;

#endif
