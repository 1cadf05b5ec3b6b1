#include "sync/report/screen_text.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/num.h"
#include "core/width.h"
#include "sync/report/figures.h"
#include "wire/stream/harmless.h"

enum { WIDTH = 80 };

/* ---- style ------------------------------------------------------------- */

static bool is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *v = getenv(names[i]);

		if (v && v[0])
			return strstr(v, "UTF-8") || strstr(v, "utf8") ||
			       strstr(v, "UTF8") || strstr(v, "utf-8");
	}
	return false;
}

static size_t width_given(void)
{
	const char *columns = getenv("COLUMNS");
	uint64_t n;

	if (columns && num_uint(slice_str(columns), &n) == 0 && n > 0)
		return (size_t)n;
	return WIDTH;
}

void screen_text_style(struct screen_style *s, int fd)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	bool terminal = isatty(fd) == 1;
	struct winsize w;

	*s = (struct screen_style){.width = width_given(), .utf8 = is_utf8()};
	if (terminal && ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		s->width = w.ws_col;
	if (s->width < 40)
		s->width = 40;
	s->color = terminal && !(no_color && no_color[0]) && term &&
		   strcmp(term, "dumb") != 0;
}

static const char *color_of(enum sync_level level)
{
	static const char *const all[LEVEL_LEVELS] = {
		[LEVEL_NONE] = "\033[2m",
		[LEVEL_GOOD] = "\033[32m",
		[LEVEL_WARN] = "\033[33m",
		[LEVEL_BAD] = "\033[31m",
	};

	return all[level];
}

void screen_text_color(struct buf *b, enum sync_level level,
		       const struct screen_style *style)
{
	if (style->color)
		buf_str(b, color_of(level));
}

void screen_text_plain(struct buf *b, const struct screen_style *style)
{
	if (style->color)
		buf_str(b, "\033[0m");
}

void screen_text_mark(struct buf *b, enum sync_level level,
		      const struct screen_style *style)
{
	static const char *const marks[LEVEL_LEVELS][2] = {
		[LEVEL_NONE] = {"-", "–"},
		[LEVEL_GOOD] = {"+", "✓"},
		[LEVEL_WARN] = {"!", "!"},
		[LEVEL_BAD] = {"x", "✗"},
	};

	screen_text_color(b, level, style);
	buf_str(b, marks[level][style->utf8]);
	screen_text_plain(b, style);
}

/* ---- pieces of a line -------------------------------------------------- */

static void blanks(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_char(b, ' ');
}

void screen_text_cell(struct buf *b, struct slice text, size_t width,
		      bool right)
{
	size_t n = width_bytes(text, width);
	size_t takes = width_of(slice_of(text.p, n));

	if (right)
		blanks(b, width - takes);
	buf_add(b, text.p, n);
	if (!right)
		blanks(b, width - takes);
}

void screen_text_name(struct buf *b, struct slice text, size_t width,
		      const struct screen_style *style)
{
	const char *dots = style->utf8 ? "…" : "..";
	size_t room = width - (style->utf8 ? 1 : 2);

	if (width_of(text) <= width) {
		screen_text_cell(b, text, width, false);
		return;
	}
	while (width_of(text) > room) {
		size_t n = width_bytes(text, 1);

		n = n > 0 ? n : width_bytes(text, 2);
		text = slice_of(text.p + n, text.n - n);
	}
	buf_str(b, dots);
	screen_text_cell(b, text, room, false);
}

void screen_text_count(struct buf *b, bool known, uint64_t n, size_t width)
{
	struct buf text = {0};

	if (known)
		figures_count(&text, n);
	else
		buf_char(&text, '-');
	screen_text_cell(b, buf_all(&text), width, true);
	buf_clear(&text);
}

void screen_text_wrapped(struct buf *b, const char *text, size_t indent,
			 const struct screen_style *style)
{
	char safe[1024];
	struct slice rest;
	size_t room = style->width > indent + 20 ? style->width - indent : 20;

	harmless(safe, sizeof(safe), slice_str(text));
	rest = slice_str(safe);
	while (rest.n > 0) {
		size_t n = width_bytes(rest, room);
		const char *blank = NULL;

		if (n < rest.n)
			blank = memrchr(rest.p, ' ',
					n + 1 < rest.n ? n + 1 : n);
		if (blank && blank > rest.p)
			n = (size_t)(blank - rest.p);
		blanks(b, indent);
		buf_add(b, rest.p, n);
		buf_char(b, '\n');
		n += n < rest.n && rest.p[n] == ' ';
		rest = slice_of(rest.p + n, rest.n - n);
	}
}
