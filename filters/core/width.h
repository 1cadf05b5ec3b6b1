/* width.h - how many columns of a terminal a text takes.
 *
 * Floor 0. Text is UTF-8 without line ends. As in the C library, East Asian
 * letters and most pictures take two columns, accents and joiners none.
 * Terminals disagree about pictures that are composed of several.
 */
#ifndef CORE_WIDTH_H
#define CORE_WIDTH_H

#include "core/slice.h"

/* Columns of the whole text. */
size_t width_of(struct slice s);

/* The length of the characters at the start that fit into that many columns. */
size_t width_bytes(struct slice s, size_t columns);

/* The length of the character at p, where n bytes are left, if a terminal would
 * obey it instead of showing it, or if it is invisible (text_hidden); else 0.
 */
size_t width_control(const char *p, size_t n);

#endif
