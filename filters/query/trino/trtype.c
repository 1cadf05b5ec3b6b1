#include "query/trino/trtype.h"

#include <stdlib.h>
#include <strings.h>

#include "core/mem.h"
#include "wire/json/json.h"

static const char *const words[] = {
	[TRTYPE_TEXT] = "string",    [TRTYPE_ANY] = "any",
	[TRTYPE_INT] = "int",        [TRTYPE_DECIMAL] = "decimal",
	[TRTYPE_REAL] = "float",     [TRTYPE_DOUBLE] = "float",
	[TRTYPE_BOOL] = "boolean",   [TRTYPE_DAY] = "date",
	[TRTYPE_CLOCK] = "time",     [TRTYPE_ZONED_CLOCK] = "time",
	[TRTYPE_STAMP] = "datetime", [TRTYPE_ZONED_STAMP] = "datetime",
	[TRTYPE_DAYS] = "string",    [TRTYPE_MONTHS] = "string",
	[TRTYPE_JSON] = "json",      [TRTYPE_BYTES] = "binary",
	[TRTYPE_LIST] = "array",     [TRTYPE_MAP] = "json",
	[TRTYPE_ROW] = "json",
};

/* The name before the parentheses, and what may follow them, like "with time
 * zone". Interval types may be in upper case, also within other types.
 */
static const struct {
	const char *name, *behind;
	enum trtype_kind kind;
} names[] = {
	{"boolean", "", TRTYPE_BOOL},
	{"tinyint", "", TRTYPE_INT},
	{"smallint", "", TRTYPE_INT},
	{"integer", "", TRTYPE_INT},
	{"bigint", "", TRTYPE_INT},
	{"real", "", TRTYPE_REAL},
	{"double", "", TRTYPE_DOUBLE},
	{"decimal", "", TRTYPE_DECIMAL},
	{"varchar", "", TRTYPE_TEXT},
	{"char", "", TRTYPE_TEXT},
	{"varbinary", "", TRTYPE_BYTES},
	{"json", "", TRTYPE_JSON},
	{"date", "", TRTYPE_DAY},
	{"time", "", TRTYPE_CLOCK},
	{"time", "with time zone", TRTYPE_ZONED_CLOCK},
	{"timestamp", "", TRTYPE_STAMP},
	{"timestamp", "with time zone", TRTYPE_ZONED_STAMP},
	{"interval day to second", "", TRTYPE_DAYS},
	{"interval year to month", "", TRTYPE_MONTHS},
	{"uuid", "", TRTYPE_TEXT},
	{"ipaddress", "", TRTYPE_TEXT},
	{"array", "", TRTYPE_LIST},
	{"map", "", TRTYPE_MAP},
	{"row", "", TRTYPE_ROW},
};

void trtype_free(struct trtype *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++) {
		trtype_free(t->child[i]);
		buf_clear(&t->name[i]);
	}
	free(t->child);
	free(t->name);
	free(t);
}

static bool is_word(struct slice s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static bool begins(struct slice s, const char *word)
{
	return s.n >= strlen(word) && strncasecmp(s.p, word, strlen(word)) == 0;
}

static struct slice behind(struct slice s, size_t n)
{
	return slice_of(s.p + n, s.n - n);
}

static struct slice trim(struct slice s)
{
	while (s.n > 0 && *s.p == ' ')
		s = behind(s, 1);
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

/* The length of the quoted name at the start of s; a quote in it is doubled. */
static size_t quoted_length(struct slice s)
{
	size_t i = 1;

	for (; i < s.n; i++) {
		if (s.p[i] != '"')
			continue;
		if (i + 1 == s.n || s.p[i + 1] != '"')
			return i + 1;
		i++;
	}
	return s.n;
}

/* The length up to one of the characters in stop, outside parentheses and
 * quotes.
 */
static size_t span(struct slice s, const char *stop)
{
	size_t depth = 0, i = 0;

	while (i < s.n) {
		char c = s.p[i];

		if (depth == 0 && c && strchr(stop, c))
			return i;
		if (c == '"') {
			i += quoted_length(behind(s, i));
			continue;
		}
		depth += c == '(';
		depth -= c == ')' && depth > 0;
		i++;
	}
	return s.n;
}

static struct trtype *parse(struct slice text, unsigned depth);

static void add_child(struct trtype *t, struct trtype *c)
{
	t->child = mem_resize(t->child, (t->n + 1) * sizeof(struct trtype *));
	t->name = mem_resize(t->name, (t->n + 1) * sizeof(*t->name));
	t->child[t->n] = c;
	t->name[t->n++] = (struct buf){0};
}

/* Whether an unquoted word begins a type of several words. */
static bool begins_type(struct slice word, struct slice rest)
{
	return (begins(rest, "with time zone") &&
		(is_word(word, "time") || is_word(word, "timestamp"))) ||
	       (is_word(word, "interval") &&
		(begins(rest, "day to") || begins(rest, "year to")));
}

/* Appends the name before a field's type, and returns its length in s; 0 if the
 * field has no name.
 */
static size_t field_name(struct slice s, struct buf *name)
{
	size_t n = span(s, " (");

	if (s.n > 0 && *s.p == '"') {
		for (size_t i = 1; i + 1 < n; i++) {
			buf_char(name, s.p[i]);
			i += s.p[i] == '"';
		}
		return n;
	}
	if (n == s.n || s.p[n] != ' ' ||
	    begins_type(slice_of(s.p, n), trim(behind(s, n))))
		return 0;
	buf_add(name, s.p, n);
	return n;
}

static void add_field(struct trtype *t, struct slice s, unsigned depth)
{
	struct buf name = {0};
	size_t n = field_name(s, &name);

	add_child(t, parse(trim(behind(s, n)), depth));
	t->named &= name.n > 0 && json_utf8(buf_all(&name)) == name.n;
	if (t->named) {
		json_string(&t->name[t->n - 1], buf_all(&name));
		buf_char(&t->name[t->n - 1], ':');
	}
	buf_clear(&name);
}

/* Whether two fields have the same name, so the row cannot be a JSON object. */
static bool has_duplicates(const struct trtype *t)
{
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (slice_eq(buf_all(&t->name[i]),
				     buf_all(&t->name[k])))
				return true;
		}
	}
	return false;
}

static void add_arguments(struct trtype *t, struct slice args, unsigned depth)
{
	t->named = t->kind == TRTYPE_ROW;
	while (args.n > 0) {
		size_t n = span(args, ",");
		struct slice arg = trim(slice_of(args.p, n));

		if (t->kind == TRTYPE_ROW)
			add_field(t, arg, depth);
		else
			add_child(t, parse(arg, depth));
		args = behind(args, n < args.n ? n + 1 : n);
	}
	if (t->named && has_duplicates(t))
		t->named = false;
	if (t->n != (t->kind == TRTYPE_LIST  ? 1
		     : t->kind == TRTYPE_MAP ? 2
					     : t->n))
		t->kind = TRTYPE_ANY;
}

static struct trtype *parse(struct slice text, unsigned depth)
{
	struct trtype *t = mem_zero(sizeof(*t));
	size_t open = span(text, "("), close;
	struct slice name = trim(slice_of(text.p, open));
	struct slice rest = behind(text, open), args = {0};

	if (rest.n > 0) {
		close = span(behind(rest, 1), ")") + 1;
		args = slice_of(rest.p + 1, close - 1);
		rest = trim(behind(rest, close < rest.n ? close + 1 : close));
	}
	if (rest.n == 0 && name.n > 15 &&
	    is_word(behind(name, name.n - 15), " with time zone")) {
		rest = behind(name, name.n - 14);
		name.n -= 15;
	}
	t->kind = TRTYPE_ANY;
	for (size_t i = 0; depth < TRTYPE_DEPTH && i < COUNT_OF(names); i++) {
		if (is_word(name, names[i].name) &&
		    is_word(rest, names[i].behind))
			t->kind = names[i].kind;
	}
	if (t->kind >= TRTYPE_LIST)
		add_arguments(t, args, depth + 1);
	return t;
}

struct trtype *trtype_parse(struct slice text)
{
	return parse(text.n > 0 ? trim(text) : slice_str(""), 0);
}

const char *trtype_word(const struct trtype *t)
{
	return t->kind == TRTYPE_ROW && !t->named ? "array" : words[t->kind];
}
