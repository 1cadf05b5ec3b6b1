#include "query/sqltoken.h"

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static bool at(const struct sqltokens *x, const char *what)
{
	return slice_starts(slice_of(x->p, (size_t)(x->end - x->p)), what);
}

/* A comment to the end of the line. Some databases end it at a CR as well,
 * others only at LF.
 */
static enum sqltoken line_comment(struct sqltokens *x)
{
	for (; x->p < x->end && *x->p != '\n'; x->p++) {
		if (*x->p != '\r' || x->p + 1 == x->end || x->p[1] == '\n')
			continue;
		x->why = "a carriage return in a comment; save the model with "
			 "line feeds";
		return SQLTOKEN_BROKEN;
	}
	return SQLTOKEN_SPACE;
}

static enum sqltoken block_comment(struct sqltokens *x)
{
	unsigned depth = 0;

	do {
		if (x->p == x->end) {
			x->why = "an unterminated comment";
			return SQLTOKEN_BROKEN;
		}
		if (at(x, "/*") && (depth == 0 || x->sql->nested_comments)) {
			depth++;
			x->p += 2;
		} else if (at(x, "*/")) {
			depth--;
			x->p += 2;
		} else {
			x->p++;
		}
	} while (depth > 0);
	return SQLTOKEN_SPACE;
}

/* A string or quoted name, up to the closing quote; a doubled quote is part of
 * it.
 */
static enum sqltoken quoted(struct sqltokens *x, char close, bool backslash)
{
	for (x->p++; x->p < x->end; x->p++) {
		if (backslash && *x->p == '\\' && x->p + 1 < x->end) {
			x->p++;
			continue;
		}
		if (*x->p != close)
			continue;
		if (x->p + 1 < x->end && x->p[1] == close) {
			x->p++;
			continue;
		}
		x->p++;
		return SQLTOKEN_OTHER;
	}
	x->why = close == '\'' ? "an unterminated string"
			       : "an unterminated quoted name";
	return SQLTOKEN_BROKEN;
}

/* A string $$...$$ or $tag$...$tag$; $1 is a parameter. */
static enum sqltoken dollar(struct sqltokens *x)
{
	const char *tag = x->p++, *body;
	size_t n;

	if (x->p < x->end && *x->p >= '0' && *x->p <= '9')
		return SQLTOKEN_OTHER;
	while (x->p < x->end && is_word(*x->p))
		x->p++;
	if (x->p == x->end || *x->p != '$')
		return SQLTOKEN_OTHER;
	body = ++x->p;
	n = (size_t)(body - tag);
	body = memmem(body, (size_t)(x->end - body), tag, n);
	if (!body) {
		x->why = "an unterminated string";
		return SQLTOKEN_BROKEN;
	}
	x->p = body + n;
	return SQLTOKEN_OTHER;
}

static enum sqltoken word(struct sqltokens *x)
{
	const char *from = x->p;

	while (x->p < x->end && (is_word(*x->p) || *x->p == '$'))
		x->p++;
	if (x->sql->dollar_quotes && x->p - from == 1 &&
	    (*from == 'e' || *from == 'E') && x->p < x->end && *x->p == '\'')
		return quoted(x, '\'', true);
	return SQLTOKEN_WORD;
}

/* {name:Type}, or the brace alone. */
static enum sqltoken braces(struct sqltokens *x)
{
	const char *p = x->p + 1, *end;

	while (p < x->end && is_word(*p))
		p++;
	end = p > x->p + 1 && p < x->end && *p == ':'
		      ? memchr(p, '}', (size_t)(x->end - p))
		      : NULL;
	x->p = end ? end + 1 : x->p + 1;
	return end ? SQLTOKEN_BRACES : SQLTOKEN_OTHER;
}

/* Whether a comment starts here. In MySQL -- must be followed by white space:
 * 5--1 is 6.
 */
static bool is_line_comment(const struct sqltokens *x)
{
	if (!at(x, "--"))
		return *x->p == '#' && x->sql->hash_comments;
	return !x->sql->dash_blank || x->end - x->p == 2 ||
	       (unsigned char)x->p[2] <= ' ' || x->p[2] == '\x7f';
}

static enum sqltoken token(struct sqltokens *x)
{
	char c = *x->p;

	if (c == ' ' || (c >= '\t' && c <= '\r')) {
		x->p++;
		return SQLTOKEN_SPACE;
	}
	if (is_line_comment(x))
		return line_comment(x);
	if (at(x, "/*"))
		return block_comment(x);
	if (c == '\'')
		return quoted(x, c, x->sql->backslash);
	if (c == '"')
		return quoted(x, c, x->sql->backslash);
	if (c == '`' && !x->sql->dollar_quotes)
		return quoted(x, c, false);
	if (c == '[' && x->sql->brackets)
		return quoted(x, ']', false);
	if (c == '$' && x->sql->dollar_quotes)
		return dollar(x);
	if (c == '{' && x->sql->braces)
		return braces(x);
	if (is_word(c))
		return word(x);
	if (at(x, "::")) {
		x->p += 2;
		return SQLTOKEN_OTHER;
	}
	x->p++;
	if (c == ':' && x->p < x->end && is_word(*x->p)) {
		while (x->p < x->end && is_word(*x->p))
			x->p++;
		return SQLTOKEN_PARAM;
	}
	return c == '('   ? SQLTOKEN_OPEN
	       : c == ')' ? SQLTOKEN_CLOSE
	       : c == ';' ? SQLTOKEN_SEMICOLON
			  : SQLTOKEN_OTHER;
}

bool sqltoken_next(struct sqltokens *x, enum sqltoken *t)
{
	const char *from = x->p;

	if (x->p == x->end)
		return false;
	*t = token(x);
	x->text = slice_of(from, (size_t)(x->p - from));
	return true;
}
