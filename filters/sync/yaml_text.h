/* yaml_text.h - a text as a scalar of YAML, for sync files that rudder writes.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_YAML_TEXT_H
#define SYNC_YAML_TEXT_H

#include "core/buf.h"

/* The text at the end of b: plain where nothing else could be meant, else in
 * double quotes as in JSON. expands: sync files put in variables here, so ${
 * becomes $${.
 */
void yaml_text_add(struct buf *b, const char *text, bool expands);

#endif
