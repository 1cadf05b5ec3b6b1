#include "send/dest/reset.h"

#ifdef WITH_CURL

enum { BODY_MS = 1000 }; /* wait for the body after the header */

/* Whether the text is a complete array or object. */
static bool is_whole_json(struct slice text)
{
	size_t depth = 0, i = 0;
	bool quoted = false;

	for (; i < text.n; i++) {
		char c = text.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '[' || c == '{'))
			depth++;
		else if (!quoted && (c == ']' || c == '}') && --depth == 0)
			break;
		else if (depth == 0 && (unsigned char)c > ' ')
			return false;
	}
	for (i++; i < text.n && (unsigned char)text.p[i] <= ' '; i++)
		;
	return depth == 0 && text.n > 0 && i == text.n;
}

bool reset_wants_body(const struct transfer *s)
{
	return s->keeps_answers && s->status >= 200 && s->status < 300;
}

bool reset_has_reply(struct transfer *s, uint64_t now)
{
	if (s->complete_ms == 0 ||
	    (s->keeps_answers && s->body_bytes != s->seen_bytes)) {
		s->complete_ms = now;
		s->seen_bytes = s->body_bytes;
	}
	return now - s->complete_ms >= BODY_MS &&
	       (!reset_wants_body(s) || is_whole_json(buf_all(&s->body)));
}

#endif
