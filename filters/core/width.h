/* width.h - how many columns of a terminal a text takes.
 *
 * Floor 0. Text is UTF-8 without line ends. East Asian letters and most
 * pictures take two columns, accents and joiners none, as the C library has it;
 * terminals do not agree on pictures that are put together of several.
 */
#ifndef CORE_WIDTH_H
#define CORE_WIDTH_H

#include "core/slice.h"

/* Columns of the whole text. */
size_t width_of(struct slice s);

/* Bytes of the characters at its start that take at most that many columns. */
size_t width_bytes(struct slice s, size_t columns);

/* The length at p, where n bytes are left, of a character that a terminal would
 * obey instead of showing it, or that nobody sees (text_hidden); 0 for others.
 */
size_t width_control(const char *p, size_t n);

#endif
