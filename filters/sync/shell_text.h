/* shell_text.h - words and commands as text for sh(1).
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SHELL_TEXT_H
#define SYNC_SHELL_TEXT_H

#include "core/buf.h"

/* A word at the end of b that sh reads as these bytes: as it stands where that
 * is safe, else in single quotes.
 */
void shell_text_word(struct buf *b, const char *word);

#endif
