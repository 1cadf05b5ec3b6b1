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

/* Behind the comment that begins at s[at], at where none does, or SIZE_MAX
 * where it does not end.
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

/* Behind the string or name in quotes at s[at]: beyond s where none ends. */
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
		size_t behind = skip_comment(s, at, mysql);

		if (behind == at && (is_blank(s.p[at]) || s.p[at] == ';')) {
			ended |= s.p[at] == ';';
			behind = at + 1;
		} else if (behind == at) {
			behind = strchr("'\"`", s.p[at])
					 ? skip_quoted(s, at, mysql)
					 : at + 1;
			last = behind;
			ended = false;
		}
		if (behind == SIZE_MAX)
			return s.n;
		at = behind;
	}
	return ended ? last : s.n;
}
