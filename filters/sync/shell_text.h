/* shell_text.h - words and commands as text for sh(1).
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SHELL_TEXT_H
#define SYNC_SHELL_TEXT_H

#include "core/buf.h"

/* Appends a word to b as text for sh: unchanged if that is safe, otherwise in
 * single quotes.
 */
void shell_text_word(struct buf *b, const char *word);

#endif
