#include "sync/sql_end.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool starts_at(struct slice s, size_t at, const char *text)
{
	return slice_starts(slice_of(s.p + at, s.n - at), text);
}

/* Returns the end of the comment at s[at], at itself if there is no comment, or
 * SIZE_MAX if the comment is unterminated.
 */
static size_t skip_comment(struct slice s, size_t at, bool mysql)
{
	const char *end;

	if (starts_at(s, at, "--") || (mysql && s.p[at] == '#')) {
		end = memchr(s.p + at, '\n', s.n - at);
		return end ? (size_t)(end - s.p) : s.n;
	}
	if (!starts_at(s, at, "/*"))
		return at;
	end = memmem(s.p + at + 2, s.n - at - 2, "*/", 2);
	return end ? (size_t)(end - s.p) + 2 : SIZE_MAX;
}

/* Returns the end of the quoted string or name at s[at]; more than s.n if it is
 * unterminated.
 */
static size_t skip_quoted(struct slice s, size_t at, bool mysql)
{
	char quote = s.p[at];

	for (at++; at < s.n && s.p[at] != quote; at++) {
		if (mysql && quote != '`' && s.p[at] == '\\')
			at++;
	}
	return at + 1;
}

size_t sql_end(struct slice s, bool mysql)
{
	size_t last = 0, at = 0;
	bool ended = false;

	while (s.n > 0 && (is_blank(s.p[s.n - 1]) || s.p[s.n - 1] == ';'))
		s.n--;
	while (at < s.n) {
		size_t after = skip_comment(s, at, mysql);

		if (after == at && (is_blank(s.p[at]) || s.p[at] == ';')) {
			ended |= s.p[at] == ';';
			after = at + 1;
		} else if (after == at) {
			after = strchr("'\"`", s.p[at])
					? skip_quoted(s, at, mysql)
					: at + 1;
			last = after;
			ended = false;
		}
		if (after == SIZE_MAX)
			return s.n;
		at = after;
	}
	return ended ? last : s.n;
}
