/* screen_text.h - text for a terminal: widths, colors, columns, lines.
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

/* How to write to that descriptor: by its terminal, COLUMNS, NO_COLOR, TERM and
 * the locale. Not a terminal: 80 columns, no color.
 */
void screen_text_style(struct screen_style *s, int fd);

/* The color of a level, and back to none; nothing where the style has none. */
void screen_text_color(struct buf *b, enum sync_level level,
		       const struct screen_style *style);
void screen_text_plain(struct buf *b, const struct screen_style *style);

/* A sign for a level, in its color: one column. */
void screen_text_mark(struct buf *b, enum sync_level level,
		      const struct screen_style *style);

/* The text in a column of that width, cut where it is longer; the same cut at
 * its start, for names whose ends tell them apart; and a number at the right
 * end of one, or "-" where it is not known.
 */
void screen_text_cell(struct buf *b, struct slice text, size_t width,
		      bool right);
void screen_text_name(struct buf *b, struct slice text, size_t width,
		      const struct screen_style *style);
void screen_text_count(struct buf *b, bool known, uint64_t n, size_t width);

/* text in lines of at most the width, each indented by that number of blanks,
 * at the end of b: what could do harm on a terminal becomes a space.
 */
void screen_text_wrapped(struct buf *b, const char *text, size_t indent,
			 const struct screen_style *style);

#endif
