/* preview.h - lays out rows and their events side by side, for --preview.
 *
 * Floor 2 (map). Values are shown unchanged; lines that do not fit are
 * truncated.
 */
#ifndef MAP_SCREEN_PREVIEW_H
#define MAP_SCREEN_PREVIEW_H

#include "core/buf.h"

/* Appends JSON text with one member or element on each line, indented by two
 * blanks; other text is appended unchanged. Text that starts with a brace must
 * be valid JSON. preview_safe is applied.
 */
void preview_pretty(struct buf *b, struct slice json);

/* Replaces control characters in b, from offset from on, by question marks,
 * because a terminal would obey them. Line ends are replaced only if lines is
 * set.
 */
void preview_safe(struct buf *b, size_t from, bool lines);

/* Appends one line in n columns of the screen (width.h), at least one:
 * truncated with an ellipsis, or, with fill, padded with blanks.
 */
void preview_cell(struct buf *b, struct slice line, size_t n, bool fill,
		  bool colour);

enum { PREVIEW_COLUMNS = 3 };

/* Appends n multi-line texts side by side, in at most width columns of the
 * screen (but at least ten for each text), with the colours of jq if colour is
 * set. Ends with LF.
 */
void preview_columns(struct buf *b, const struct slice *column, size_t n,
		     size_t width, bool colour);

#endif
