#include "core/option_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line of the table. */
struct entry {
	struct slice key, line, words;
	bool takes_value;
};

/* ---- the table --------------------------------------------------------- */

static struct slice next_word(struct slice *rest)
{
	const char *end;
	struct slice word;

	if (rest->n == 0)
		return *rest;
	end = memchr(rest->p, ' ', rest->n);
	word = slice_of(rest->p, end ? (size_t)(end - rest->p) : rest->n);
	*rest = slice_of(rest->p + word.n, rest->n - word.n);
	if (rest->n > 0)
		*rest = slice_of(rest->p + 1, rest->n - 1);
	return word;
}

/* Takes the next line from text. */
static struct slice next_line(const char **text)
{
	size_t n = strcspn(*text, "\n");
	struct slice line = slice_of(*text, n);

	*text += n + ((*text)[n] == '\n');
	return line;
}

static bool find(struct entry *e, const char *table, const char *command,
		 struct slice option)
{
	while (*table) {
		struct slice line = next_line(&table);
		struct slice name = next_word(&line), kind;

		if (!slice_is(name, command))
			continue;
		name = next_word(&line);
		if (name.n != option.n ||
		    memcmp(name.p, option.p, option.n) != 0)
			continue;
		e->key = next_word(&line);
		e->line = next_word(&line);
		kind = next_word(&line);
		e->takes_value = slice_is(kind, "v");
		e->words = line;
		return true;
	}
	return false;
}

static struct slice file_of(const char *table)
{
	while (*table) {
		struct slice line = next_line(&table);

		if (slice_is(next_word(&line), "file"))
			return line;
	}
	return slice_str("");
}

/* ---- one option -------------------------------------------------------- */

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_word(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '-';
}

/* The length of the option at p, with its dashes; 0 if p is at no option. */
static size_t option_at(const char *p, const char *end)
{
	size_t n = 0, dashes;

	while (p + n < end && n < 2 && p[n] == '-')
		n++;
	dashes = n;
	if (dashes == 1 && p + n < end && is_upper(p[n]))
		return p + n + 1 < end && is_word(p[n + 1]) ? 0 : n + 1;
	while (p + n < end && dashes > 0 &&
	       ((p[n] >= 'a' && p[n] <= 'z') || p[n] == '-' ||
		(p[n] >= '0' && p[n] <= '9' && n > dashes)))
		n++;
	while (n > dashes && p[n - 1] == '-')
		n--;
	return n == dashes || (dashes == 1 && n > 2) ? 0 : n;
}

static bool is_listed(struct slice words, struct slice word)
{
	for (size_t at = 0, n; at < words.n; at += n + 1) {
		const char *bar = memchr(words.p + at, '|', words.n - at);

		n = bar ? (size_t)(bar - words.p) - at : words.n - at;
		if (n == word.n && memcmp(words.p + at, word.p, n) == 0)
			return true;
	}
	return false;
}

/* The length of the value at p, after an option and a space; 0 if it is the
 * next word of the sentence. Values are quoted, numbers, NAMES or <names>, or
 * known words.
 */
static size_t value_at(const struct entry *e, const char *p, const char *end)
{
	size_t n = 0;

	if (!e->takes_value || p >= end)
		return 0;
	if (*p == '\'' || *p == '<') {
		const char *to = memchr(p + 1, *p == '<' ? '>' : '\'',
					(size_t)(end - p) - 1);

		return to ? (size_t)(to - p) + 1 : 0;
	}
	while (p + n < end && !strchr(" ,;:)'", p[n]))
		n++;
	if (n > 0 && ((*p >= '0' && *p <= '9') ||
		      (is_upper(*p) && (n == 1 || is_upper(p[1]))) ||
		      is_listed(e->words, slice_of(p, n))))
		return n;
	return 0;
}

/* Adds a value, without quotes that would end those around the key; NAME=VALUE
 * becomes an object.
 */
static void put_value(struct buf *b, struct slice value)
{
	bool quoted = *value.p == '\'';
	const char *equals = memchr(value.p, '=', value.n);

	if (equals && !quoted) {
		size_t n = (size_t)(equals - value.p);

		buf_fmt(b, "{%.*s: %.*s}", (int)n, value.p,
			(int)(value.n - n - 1), equals + 1);
		return;
	}
	for (size_t i = 0; i < value.n; i++)
		buf_char(b, quoted && value.p[i] == '\'' ? '"' : value.p[i]);
}

/* Adds "max_changes: 5" or "deletes: {max: 5}"; without a value only the key.
 */
static void put_key(struct buf *b, struct slice key, struct slice value)
{
	const char *dot = memchr(key.p, '.', key.n);

	if (value.n == 0) {
		buf_slice(b, key);
	} else if (!dot) {
		buf_slice(b, key);
		buf_str(b, ": ");
		put_value(b, value);
	} else {
		buf_add(b, key.p, (size_t)(dot - key.p));
		buf_str(b, ": {");
		buf_add(b, dot + 1, key.n - (size_t)(dot - key.p) - 1);
		buf_str(b, ": ");
		put_value(b, value);
		buf_char(b, '}');
	}
}

static bool ends_with(const struct buf *b, const char *text)
{
	size_t n = strlen(text);

	return b->n >= n && memcmp(b->p + b->n - n, text, n) == 0;
}

/* Changes "option '" or "options '" before a key to "key '" or "keys '". */
static bool put_title(struct buf *b)
{
	bool one = ends_with(b, "option '");

	if (!one && !ends_with(b, "options '"))
		return false;
	b->n -= strlen(one ? "option '" : "options '");
	buf_str(b, one ? "key '" : "keys '");
	return one;
}

/* ---- texts ------------------------------------------------------------- */

/* Whether an option may begin after c. */
static bool is_border(char c)
{
	return c == ' ' || c == '\'' || c == '(';
}

/* Replaces the option of n bytes at p in a text up to end; returns where the
 * text continues.
 */
static const char *put_option(struct buf *b, const struct entry *e,
			      const char *table, const char *p, size_t n,
			      const char *end)
{
	bool quoted = ends_with(b, "'") && p + n < end && p[n] == '\'';
	bool titled = quoted && put_title(b);
	struct slice value = {0}, file = file_of(table);

	p += n;
	if (!quoted && p < end && *p == ' ')
		value = slice_of(p + 1, value_at(e, p + 1, end));
	if (!quoted)
		buf_char(b, '\'');
	put_key(b, e->key, value);
	buf_char(b, '\'');
	if (quoted)
		p++;
	if (titled && !slice_is(e->line, "0")) {
		buf_str(b, " in line ");
		buf_slice(b, e->line);
		if (file.n > 0)
			buf_fmt(b, " of '%.*s'", SLICE_FMT(file));
	}
	return value.n > 0 ? value.p + value.n : p;
}

/* The length of "rudder-diff " at p, if it is before an option that rudder run
 * has too.
 */
static size_t filter_at(const char *table, const char *p, const char *end)
{
	static const char *const filters[] = {"rudder-diff ", "rudder-query "};
	struct entry ignored;

	for (size_t i = 0; i < COUNT_OF(filters); i++) {
		size_t n = strlen(filters[i]), option;

		if ((size_t)(end - p) <= n || memcmp(p, filters[i], n) != 0)
			continue;
		option = option_at(p + n, end);
		if (option > 2 && find(&ignored, table, "run",
				       slice_of(p + n + 2, option - 2)))
			return n;
	}
	return 0;
}

/* The length of " (user_id: COLUMN in a mapping file)" at p, which only repeats
 * the key.
 */
static size_t hint_at(const char *p, const char *end)
{
	static const char hint[] = " in a mapping file)";
	const char *to = end - p > 1 && p[0] == ' ' && p[1] == '('
				 ? memchr(p, ')', (size_t)(end - p))
				 : NULL;
	size_t n = to ? (size_t)(to - p) + 1 : 0, k = strlen(hint);

	return n > k && memcmp(p + n - k, hint, k) == 0 ? n : 0;
}

void option_keys_put(struct buf *b, const char *command, struct slice text)
{
	const char *table = getenv(OPTION_KEYS);
	const char *p = text.p, *end = text.p + text.n;
	bool named = false; /* a key was put */

	while (table && p < end) {
		bool first = p == text.p || is_border(p[-1]);
		size_t n = *p == '-' && first ? option_at(p, end) : 0;
		size_t filter =
			*p == 'r' && first ? filter_at(table, p, end) : 0;
		size_t dashes = n > 2 ? 2 : 1;
		size_t hint = named ? hint_at(p, end) : 0;
		struct entry e;

		if (hint > 0) {
			p += hint;
		} else if (filter > 0) {
			buf_str(b, "rudder run ");
			p += filter;
		} else if (n > 0 && find(&e, table, command,
					 slice_of(p + dashes, n - dashes))) {
			p = put_option(b, &e, table, p, n, end);
			named = true;
		} else {
			buf_char(b, *p++);
		}
	}
	if (p < end)
		buf_add(b, p, (size_t)(end - p));
}
