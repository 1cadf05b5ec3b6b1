#include "wire/stream/harmless.h"

#include <stdio.h>

#include "wire/json/json.h"

enum { DIGITS = 4, TEXT = 1200, NAME = 100, SQLSTATE = 5 };

void harmless(char *to, size_t n, struct slice text)
{
	size_t put = 0;

	while (text.n > 0) {
		size_t good = json_utf8(text);
		unsigned char c = (unsigned char)*text.p;
		size_t len = 1;

		if (good > 0 && c >= 0x80)
			len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		if (put + len >= n)
			break;
		if (good == 0 || c < 0x20 || c == 0x7f ||
		    (c == 0xc2 && (unsigned char)text.p[1] < 0xa0)) {
			to[put++] = ' ';
		} else {
			memcpy(to + put, text.p, len);
			put += len;
		}
		text = slice_of(text.p + len, text.n - len);
	}
	to[put] = '\0';
}

static bool is_word(char c)
{
	return (unsigned char)c > ' ' && c != '"' && c != '\'' && c != '(' &&
	       c != ')' && c != ',' && c != ';';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_number(const char *word, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (!is_digit(word[i]) && !strchr("+-.:", word[i]))
			return false;
		any |= is_digit(word[i]);
	}
	return any;
}

/* Whether the text before ends with that word and a space. */
static bool follows(const char *text, size_t n, const char *word)
{
	size_t k = strlen(word);

	return n > k && text[n - 1] == ' ' &&
	       memcmp(text + n - 1 - k, word, k) == 0;
}

static bool is_hidden(const char *word, size_t n, const char *before,
		      size_t before_n, enum harmless_hide hide)
{
	size_t digits = 0;

	if (n == SQLSTATE && follows(before, before_n, "SQLSTATE"))
		return false;
	for (size_t i = 0; i < n; i++)
		digits += is_digit(word[i]);
	if (memchr(word, '@', n) || digits >= DIGITS)
		return true;
	return hide == HARMLESS_VALUES && is_number(word, n) &&
	       !follows(before, before_n, "HTTP");
}

/* The length of the quoted text at p, with its quotes; 0 if p is not the start
 * of a quoted text. An apostrophe within a word is not a quote.
 */
static size_t quoted(const char *p, bool in_word)
{
	const char *end = p;

	if (*p != '"' && (*p != '\'' || in_word))
		return 0;
	do
		end = strchr(end + 1, *p);
	while (end && *p == '\'' && is_alnum(end[1]));
	return end ? (size_t)(end - p) + 1 : strlen(p);
}

/* Whether quoted text after `before`, without @, is the name of a column. */
static bool names_column(const char *before, size_t n, const char *quoted,
			 size_t quoted_n)
{
	static const char *const words[] = {"column", "columns", "field",
					    "fields"};

	if (quoted_n < 2 || quoted_n > NAME || memchr(quoted, '@', quoted_n) ||
	    quoted[quoted_n - 1] != *quoted)
		return false;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t k = strlen(words[i]) + 1;

		if (follows(before, n, words[i]) &&
		    (n == k || !is_word(before[n - k - 1])))
			return true;
	}
	return false;
}

void harmless_hidden(char *to, size_t max, const char *message,
		     enum harmless_hide hide)
{
	static const char hidden[] = "\xe2\x80\xa6"; /* … */
	char text[TEXT];
	size_t put = 0, n;

	for (const char *p = message; *p && put + 8 < sizeof(text); p += n) {
		n = quoted(p, p > message && is_alnum(p[-1]));
		if (n > 0 && put + n < sizeof(text) &&
		    names_column(text, put, p, n)) {
			memcpy(text + put, p, n);
			put += n;
			continue;
		}
		if (n > 0) {
			put += (size_t)snprintf(text + put, sizeof(text) - put,
						"%c%s%c", *p, hidden, *p);
			continue;
		}
		for (n = 0; is_word(p[n]); n++)
			;
		if (n > 0 && is_hidden(p, n, text, put, hide))
			put += (size_t)snprintf(text + put, sizeof(text) - put,
						"%s", hidden);
		else if (n > 0 && put + n < sizeof(text))
			memcpy(text + put, p, n), put += n;
		else if (n > 0)
			break;
		else
			text[put++] = p[n++];
	}
	harmless(to, max, slice_of(text, put));
}
