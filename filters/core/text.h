/* text.h - UTF-8 characters, including invisible ones.
 *
 * Floor 0. For text that goes to a terminal, a log or a receipt; the JSON
 * scanner checks UTF-8 by itself.
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "core/slice.h"

/* The length of the character at the start of s, which is not empty, with *c
 * set to its code point; 0 if it is not UTF-8 (RFC 3629).
 */
size_t text_char(struct slice s, uint32_t *c);

/* The same for the character at the end of s. */
size_t text_last(struct slice s, uint32_t *c);

/* Whether a code point is white space to JavaScript's trim or Python's strip,
 * or a control: Unicode's White_Space, U+FEFF, U+0000 to U+001F.
 */
bool text_space(uint32_t c);

/* The text, which is UTF-8, without white space at both ends. */
struct slice text_trim(struct slice s);

/* Whether a code point is invisible, or changes how the text around it looks:
 * controls (also those of Latin-1), direction marks, and characters without
 * width (Unicode's Default_Ignorable_Code_Point). Except U+FE0E and U+FE0F,
 * which select text or emoji.
 */
bool text_hidden(uint32_t c);

/* The length of s without an incomplete character at its end. */
size_t text_whole(struct slice s);

#endif
