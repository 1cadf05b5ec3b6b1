/* preview.h - --preview: rows and their events, side by side.
 *
 * Floor 2 (map). Values keep their bytes; lines that do not fit are cut.
 */
#ifndef MAP_SCREEN_PREVIEW_H
#define MAP_SCREEN_PREVIEW_H

#include "core/buf.h"

/* The JSON text with one member or element a line, indented by two; as it is
 * where it is not JSON. The text is trusted to be valid if it starts with a
 * brace. preview_safe is done to it.
 */
void preview_pretty(struct buf *b, struct slice json);

/* Characters from there on that a terminal would obey become question marks;
 * line ends only if asked for.
 */
void preview_safe(struct buf *b, size_t from, bool lines);

/* One line in n columns of the screen (width.h), at least one: cut with an
 * ellipsis, or filled with blanks if asked for.
 */
void preview_cell(struct buf *b, struct slice line, size_t n, bool fill,
		  bool colour);

enum { PREVIEW_COLUMNS = 3 };

/* n texts of several lines beside each other, in width columns of the screen at
 * most (ten for each column at least), in the colours of jq if asked for. Ends
 * with LF.
 */
void preview_columns(struct buf *b, const struct slice *column, size_t n,
		     size_t width, bool colour);

#endif
