#include "wire/jq/program.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/tool.h"

/* ---- tokens ----------------------------------------------------------- */

/* Names of functions and variables (after a $). */
static const char *const refused[] = {
	"env",
	"input",
	"inputs",
	"debug",
	"stderr",
	"halt",
	"halt_error",
	"import",
	"include",
	"modulemeta",
	"get_search_list",
	"input_filename",
	"input_line_number",
};

static const char *const refused_variable[] = {
	"ENV",
	"__prog_args",
	"__prog_name",
};

enum { NESTING = 256 };

enum kind {
	END,
	NAME,     /* of a member: .word, {word: 1}, {word} */
	WORD,     /* a keyword, or a call */
	VARIABLE, /* word is the name without its $ */
	WRONG,    /* cannot be read for certain; see why */
};

/* Reads jq's tokens, as far as needed to tell a call from a name. If versions
 * of jq read a text in different ways, it does not guess: WRONG.
 */
struct tokens {
	const char *at;
	/* brackets; 's' a string around "\(", 'i' from if to end, 'd' from
	 * def to its semicolon
	 */
	char open[NESTING];
	size_t depth;
	char before; /* last character of the previous token, 0 at the start */
	struct slice word;
	const char *why;
};

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool word_char(char c)
{
	return letter(c) || digit(c);
}

/* Skips to the next token. Returns the place of a comment that cannot be read
 * for certain, or NULL: later versions of jq end a comment at a carriage
 * return, and continue it on the next line after a backslash.
 */
static const char *skip_blank(const char **p)
{
	for (;;) {
		while (**p == ' ' || **p == '\t' || **p == '\n' || **p == '\r')
			++*p;
		if (**p != '#')
			return NULL;
		while (**p && **p != '\n') {
			if ((*p)[0] == '\r' && (*p)[1] != '\n')
				return *p;
			if ((*p)[0] == '\\' &&
			    ((*p)[1] == '\n' || (*p)[1] == '\r'))
				return *p;
			++*p;
		}
	}
}

static enum kind wrong(struct tokens *t, const char *at, const char *why)
{
	t->word = slice_of(at, 1);
	t->why = why;
	return WRONG;
}

/* false if it is nested too deep to know which bracket is closed. */
static bool open_bracket(struct tokens *t, char kind)
{
	if (t->depth == NESTING)
		return false;
	t->open[t->depth++] = kind;
	return true;
}

static bool inside(const struct tokens *t, char kind)
{
	return t->depth > 0 && t->open[t->depth - 1] == kind;
}

/* Skips to the end of a string, or to an expression in it. */
static bool skip_string(struct tokens *t)
{
	while (*t->at && *t->at != '"') {
		if (t->at[0] == '\\' && t->at[1] == '(') {
			t->at += 2;
			t->before = '(';
			return open_bracket(t, 's');
		}
		t->at += t->at[0] == '\\' && t->at[1] ? 2 : 1;
	}
	t->at += *t->at == '"';
	t->before = '"';
	return true;
}

static bool close_bracket(struct tokens *t)
{
	bool string = inside(t, 's') && *t->at == ')';

	if (t->depth > 0)
		t->depth--;
	t->before = *t->at++;
	return !string || skip_string(t);
}

/* Skips 1., .5 or 1e-3; a word may follow directly, as in "if 1then". */
static void skip_number(struct tokens *t)
{
	const char *p = t->at;

	while (digit(*p))
		p++;
	if (*p == '.')
		p++;
	while (digit(*p))
		p++;
	if (*p == 'e' || *p == 'E') {
		const char *exponent = p + 1;

		exponent += *exponent == '+' || *exponent == '-';
		if (digit(*exponent)) {
			while (digit(*exponent))
				exponent++;
			p = exponent;
		}
	}
	t->at = p;
	t->before = '0';
}

static struct slice word_at(const char *p)
{
	size_t n = 0;

	while (word_char(p[n]))
		n++;
	return slice_of(p, n);
}

/* Whether the word is a key of an object, {word: 1} or {word}, not a call in a
 * value.
 */
static bool is_key(const struct tokens *t, const char *end)
{
	if (!inside(t, '{') || (t->before != '{' && t->before != ','))
		return false;
	(void)skip_blank(&end);
	return *end == ':' || *end == '}' || *end == ',';
}

/* Commas inside if and def do not begin a key, if they can be values of an
 * object: {a: if .b then .c, .d else 1 end}, since jq 1.7.
 */
static enum kind take_word(struct tokens *t)
{
	enum kind kind = WORD;

	t->word = word_at(t->at);
	t->at += t->word.n;
	if (is_key(t, t->at)) {
		kind = NAME;
	} else if (slice_is(t->word, "if") || slice_is(t->word, "def")) {
		if (!open_bracket(t, *t->word.p))
			return wrong(t, t->word.p, "nested too deep");
	} else if (slice_is(t->word, "end") && inside(t, 'i')) {
		t->depth--;
	}
	return kind;
}

/* Reads $name; $ and name are separate tokens, with blanks and comments allowed
 * between them.
 */
static enum kind take_variable(struct tokens *t)
{
	const char *bad;

	t->at++;
	bad = skip_blank(&t->at);
	if (bad)
		return wrong(
			t, bad,
			"a comment that jq versions end in different places");
	t->word = word_at(t->at);
	t->at += t->word.n;
	return VARIABLE;
}

/* The next token that is a word of some kind. t->before is of the token before
 * it; set it to 'w' before the next call.
 */
static enum kind next_word(struct tokens *t)
{
	for (;;) {
		const char *bad = skip_blank(&t->at), *from = t->at;
		bool fits = true;

		if (bad)
			return wrong(t, bad,
				     "a comment that jq versions end in "
				     "different places");
		if (!*from)
			return END;
		if (*from == '"') {
			t->at++;
			fits = skip_string(t);
		} else if (*from == '{' || *from == '(' || *from == '[') {
			fits = open_bracket(t, *from);
			t->before = *t->at++;
		} else if (*from == '}' || *from == ')' || *from == ']') {
			fits = close_bracket(t);
		} else if (*from == '.' && letter(from[1])) {
			t->word = word_at(from + 1);
			t->at = from + 1 + t->word.n;
			t->before = '.';
			return NAME;
		} else if (digit(*from) || (*from == '.' && digit(from[1]))) {
			skip_number(t);
		} else if (*from == '$') {
			return take_variable(t);
		} else if (*from == '@') { /* a format: @base64 */
			t->at += 1 + word_at(from + 1).n;
			t->before = 'w';
		} else if (letter(*from)) {
			return take_word(t);
		} else {
			if (*from == ';' && inside(t, 'd'))
				t->depth--;
			t->at += from[0] == '.' && from[1] == '.' ? 2 : 1;
			t->before = t->at[-1];
		}
		if (!fits)
			return wrong(t, from, "nested too deep");
	}
}

static bool listed(const char *const *list, size_t n, struct slice word)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_is(word, list[i]))
			return true;
	}
	return false;
}

/* ---- errors ----------------------------------------------------------- */

int program_mark(const char *program, const char *at, const char *what,
		 struct err *e)
{
	const char *line = at;
	struct buf shown = {0}, under = {0};
	unsigned lineno = 1, column = 1;

	while (line > program && line[-1] != '\n')
		line--;
	for (const char *p = program; p < line; p++)
		lineno += *p == '\n';
	for (const char *p = line; *p && *p != '\n'; p++) {
		buf_char(&shown, *p == '\t' ? ' ' : *p);
		if (p < at && ((unsigned char)*p & 0xc0) != 0x80) {
			buf_char(&under, ' ');
			column++;
		}
	}
	tool_error("  %s", buf_cstr(&shown));
	buf_char(&under, '^');
	tool_error("  %s", buf_cstr(&under));
	buf_clear(&shown);
	buf_clear(&under);
	return err_names(e, ERR_CONFIG, "jq program, line %u, column %u: %s",
			 lineno, column, what);
}

int program_check(const char *program, struct err *e)
{
	struct tokens t = {.at = program};
	enum kind kind;
	char what[160];

	while ((kind = next_word(&t)) != END) {
		bool variable = kind == VARIABLE;
		const char *at = t.word.p;

		if (kind == WRONG)
			return program_mark(program, at, t.why, e);
		if ((variable && listed(refused_variable,
					COUNT_OF(refused_variable), t.word)) ||
		    (kind == WORD &&
		     listed(refused, COUNT_OF(refused), t.word))) {
			while (variable && *at != '$')
				at--;
			snprintf(what, sizeof(what),
				 "'%s%.*s' is not allowed: a program can use "
				 "only its row",
				 variable ? "$" : "", SLICE_FMT(t.word));
			return program_mark(program, at, what, e);
		}
		t.before = 'w';
	}
	return 0;
}

/* ---- which members of a row a program reads --------------------------- */

/* Words that are not calls, and do not pass on the input itself. */
static bool is_harmless(struct slice word)
{
	static const char *const words[] = {"and",   "or", "null", "true",
					    "false", "if", "then", "elif",
					    "else",  "end"};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (slice_is(word, words[i]))
			return true;
	}
	return false;
}

/* Whether a dot is the input itself: not before a name or a bracket with a
 * quoted name, or within a number.
 */
static bool is_bare_dot(const char *program, const char *dot)
{
	bool number = dot > program && digit(dot[-1]);

	return !number && !letter(dot[1]);
}

/* Whether the string is a value, or a key with its value; not one that may name
 * a member, as in {"a"}, nor one with expressions. *p is set to its last quote.
 */
static bool plain_string(const char *program, const char **p)
{
	const char *before = *p, *behind;

	while (before > program &&
	       (before[-1] == ' ' || before[-1] == '\n' || before[-1] == '\t'))
		before--;
	for (++*p; **p && **p != '"'; ++*p) {
		if (**p == '\\' && *++*p == '(')
			return false;
		if (!**p)
			return false;
	}
	if (!**p)
		return false;
	behind = *p + 1;
	skip_blank(&behind);
	return *behind == ':' || before == program ||
	       (before[-1] != '{' && before[-1] != ',');
}

/* The members that a program reads are known if nothing in it can be the row as
 * a whole: no bare input, no variables or functions of its own, only plain
 * strings, and calls only after a pipe, whose left side then consists of named
 * members. Any other program reads the whole row.
 */
bool program_fields(const char *program, program_field_fn *add, void *ctx)
{
	struct tokens t = {.at = program};
	enum kind kind;
	int ifs = 0;

	for (const char *p = program; *p; p++) {
		if (*p == '"' && !plain_string(program, &p))
			return false;
		if (*p == '@' || *p == '$' || *p == '#' ||
		    (*p == '.' && is_bare_dot(program, p)))
			return false;
	}
	while ((kind = next_word(&t)) != END) {
		if (kind == WRONG || kind == VARIABLE)
			return false;
		if (kind == NAME) {
			const char *next = t.at;

			skip_blank(&next);
			if (t.before == '.' || *next != ':')
				add(ctx, t.word);
		} else if (slice_is(t.word, "if") || slice_is(t.word, "else")) {
			ifs += slice_is(t.word, "if") ? 1 : -1;
		} else if (!is_harmless(t.word) && t.before != '|') {
			return false;
		}
		t.before = 'w';
	}
	return ifs == 0;
}

const char *program_call(const char *program, struct slice name)
{
	struct tokens t = {.at = program};
	enum kind kind;

	while ((kind = next_word(&t)) != END && kind != WRONG) {
		if (kind == WORD && slice_eq(t.word, name))
			return t.word.p;
		t.before = 'w';
	}
	return NULL;
}

bool program_letter(char c)
{
	return word_char(c);
}
