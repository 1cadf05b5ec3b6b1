/* screen_text.h - formats text for a terminal: widths, colors, columns, lines.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_SCREEN_TEXT_H
#define SYNC_REPORT_SCREEN_TEXT_H

#include "core/buf.h"
#include "sync/report/sync_verdict.h"

struct screen_style {
	size_t width; /* columns of the terminal */
	bool utf8, color;
};

/* Sets the style for a descriptor, by its terminal, COLUMNS, NO_COLOR, TERM and
 * the locale. Without a terminal: 80 columns, no color.
 */
void screen_text_style(struct screen_style *s, int fd);

/* Append the color of a level, and the end of a color; nothing if the style has
 * no color.
 */
void screen_text_color(struct buf *b, enum sync_level level,
		       const struct screen_style *style);
void screen_text_plain(struct buf *b, const struct screen_style *style);

/* Appends a sign for a level, one column wide, in its color. */
void screen_text_mark(struct buf *b, enum sync_level level,
		      const struct screen_style *style);

/* Append a text in a column of that width, truncated at its end; a name,
 * truncated at its start, because the ends of names differ; and a number at the
 * right of a column, or "-" if it is not known.
 */
void screen_text_cell(struct buf *b, struct slice text, size_t width,
		      bool right);
void screen_text_name(struct buf *b, struct slice text, size_t width,
		      const struct screen_style *style);
void screen_text_count(struct buf *b, bool known, uint64_t n, size_t width);

/* Appends the text in lines of at most the style's width, each indented by that
 * many blanks. Characters that could harm a terminal become a space.
 */
void screen_text_wrapped(struct buf *b, const char *text, size_t indent,
			 const struct screen_style *style);

#endif
