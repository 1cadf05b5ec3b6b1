#include "sync/report/html.h"

#include "core/text.h"

void html_text(struct buf *b, const char *text)
{
	struct slice s = slice_str(text);

	while (s.n > 0) {
		uint32_t c;
		size_t n = text_char(s, &c);

		if (n == 0)
			buf_str(b, "\xef\xbf\xbd");
		else if (c == '&')
			buf_str(b, "&amp;");
		else if (c == '<')
			buf_str(b, "&lt;");
		else if (c == '>')
			buf_str(b, "&gt;");
		else if (c == '"')
			buf_str(b, "&quot;");
		else if (c == '\'')
			buf_str(b, "&#39;");
		else if (text_hidden(c))
			buf_char(b, ' ');
		else
			buf_add(b, s.p, n);
		n += n == 0;
		s = slice_of(s.p + n, s.n - n);
	}
}
