#include "map/jq/condition_hint.h"

#include <string.h>
#include <strings.h>

/* State: the rest of the SQL condition, and the jq condition so far. */
struct hint {
	const char *p;
	struct buf *b;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void skip_blanks(struct hint *h)
{
	h->p += strspn(h->p, " \t\r\n");
}

static size_t name_at(const char *p)
{
	size_t n = 0;

	while (is_letter(p[n]) || (n > 0 && is_digit(p[n])))
		n++;
	return n;
}

/* Skips a keyword, in upper or lower case, as SQL allows. */
static bool take_word(struct hint *h, const char *word)
{
	size_t n = strlen(word);

	if (name_at(h->p) != n || strncasecmp(h->p, word, n) != 0)
		return false;
	h->p += n;
	skip_blanks(h);
	return true;
}

static bool take_sign(struct hint *h, const char *sign)
{
	size_t n = strlen(sign);

	if (strncmp(h->p, sign, n) != 0)
		return false;
	h->p += n;
	skip_blanks(h);
	return true;
}

static const char *comparison(struct hint *h)
{
	static const char *const signs[][2] = {
		{"==", "=="}, {"<>", "!="}, {"!=", "!="}, {"<=", "<="},
		{">=", ">="}, {"=", "=="},  {"<", "<"},   {">", ">"},
	};

	for (size_t i = 0; i < COUNT_OF(signs); i++) {
		if (take_sign(h, signs[i][0]))
			return signs[i][1];
	}
	return NULL;
}

/* Translates text in single or double quotes without escapes. */
static bool quoted(struct hint *h)
{
	char quote = *h->p;
	size_t n;

	if (quote != '\'' && quote != '"')
		return false;
	n = strcspn(h->p + 1, "'\"\\");
	if (h->p[1 + n] != quote)
		return false;
	buf_fmt(h->b, "\"%.*s\"", (int)n, h->p + 1);
	h->p += n + 2;
	skip_blanks(h);
	return true;
}

/* Translates a number, a literal of jq, or a word without quotes, which becomes
 * text.
 */
static bool unquoted(struct hint *h)
{
	static const char *const literals[] = {"true", "false", "null"};
	size_t n = *h->p == '-';

	for (size_t i = 0; i < COUNT_OF(literals); i++) {
		if (take_word(h, literals[i])) {
			buf_str(h->b, literals[i]);
			return true;
		}
	}
	if (is_digit(h->p[n])) {
		n += strspn(h->p + n, "0123456789");
		if (h->p[n] == '.' && is_digit(h->p[n + 1]))
			n += 1 + strspn(h->p + n + 1, "0123456789");
		buf_add(h->b, h->p, n);
	} else {
		n = name_at(h->p);
		buf_fmt(h->b, "\"%.*s\"", (int)n, h->p);
	}
	h->p += n;
	skip_blanks(h);
	return n > 0;
}

/* Translates one comparison: "plan = 'pro'", "plan is not null", "active". */
static bool term(struct hint *h)
{
	const char *sign;
	size_t n;

	h->p += *h->p == '.';
	n = name_at(h->p);
	if (n == 0)
		return false;
	buf_fmt(h->b, ".%.*s", (int)n, h->p);
	h->p += n;
	skip_blanks(h);
	if (take_word(h, "is")) {
		buf_str(h->b, take_word(h, "not") ? " != " : " == ");
		return unquoted(h);
	}
	sign = comparison(h);
	if (!sign)
		return true;
	buf_fmt(h->b, " %s ", sign);
	return quoted(h) || unquoted(h);
}

static bool as_jq(struct hint *h)
{
	skip_blanks(h);
	for (;;) {
		if (!term(h))
			return false;
		if (!*h->p)
			return true;
		if (take_word(h, "and") || take_sign(h, "&&"))
			buf_str(h->b, " and ");
		else if (take_word(h, "or") || take_sign(h, "||"))
			buf_str(h->b, " or ");
		else
			return false;
	}
}

void condition_hint(struct buf *b, const char *condition)
{
	struct buf jq = {0};
	struct hint h = {condition, &jq};

	if (as_jq(&h))
		buf_fmt(b, "; did you mean '%s'?", buf_cstr(&jq));
	else
		buf_str(b, "; a condition is written in jq, as in '.plan == "
			   "\"pro\" and .age > 17'");
	buf_clear(&jq);
}
