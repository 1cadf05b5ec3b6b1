/* yaml_text.h - writes a text as a YAML scalar, for sync files that rudder
 * writes.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_YAML_TEXT_H
#define SYNC_YAML_TEXT_H

#include "core/buf.h"

/* Appends the text to b: unquoted if that is unambiguous, otherwise in double
 * quotes as in JSON. expands: variables are expanded at this place of a sync
 * file, so ${ is written as $${.
 */
void yaml_text_add(struct buf *b, const char *text, bool expands);

#endif
