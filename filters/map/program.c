#include "map/program.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/tool.h"

/* ---- words ------------------------------------------------------------ */

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
	"$ENV",
	"input_line_number",
	"$__prog_args",
};

enum { NESTING = 256 };

/* A reader of jq's tokens, as far as it takes to tell a call from a name. */
struct tokens {
	const char *at;
	char open[NESTING]; /* brackets; 's' for a string around "\(" */
	size_t depth;
	char before; /* last character of the token before, 0 at the start */
};

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static void skip_blank(const char **p)
{
	for (;;) {
		while (**p == ' ' || **p == '\t' || **p == '\n' || **p == '\r')
			++*p;
		if (**p != '#')
			return;
		while (**p && **p != '\n')
			++*p;
	}
}

/* Inside a string, up to its end or to an expression in it. */
static void skip_string(struct tokens *t)
{
	while (*t->at && *t->at != '"') {
		if (t->at[0] == '\\' && t->at[1] == '(') {
			t->at += 2;
			if (t->depth < NESTING)
				t->open[t->depth] = 's';
			t->depth++;
			t->before = '(';
			return;
		}
		t->at += t->at[0] == '\\' && t->at[1] ? 2 : 1;
	}
	t->at += *t->at == '"';
	t->before = '"';
}

static void close_bracket(struct tokens *t)
{
	bool string = t->depth > 0 && t->depth <= NESTING &&
		      t->open[t->depth - 1] == 's' && *t->at == ')';

	if (t->depth > 0)
		t->depth--;
	t->before = *t->at++;
	if (string)
		skip_string(t);
}

/* Whether a word is a member's name and not a call: .word, {word: 1}, {word}.
 */
static bool is_name(const struct tokens *t, const char *end)
{
	bool in_object = t->depth > 0 && t->depth <= NESTING &&
			 t->open[t->depth - 1] == '{';

	if (t->before == '.')
		return true;
	if (!in_object || (t->before != '{' && t->before != ','))
		return false;
	skip_blank(&end);
	return *end == ':' || *end == '}' || *end == ',';
}

static const char *refused_word(struct slice word)
{
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		if (slice_is(word, refused[i]))
			return refused[i];
	}
	return NULL;
}

/* The next word of the program, or false at its end. */
static bool next_word(struct tokens *t, struct slice *word)
{
	for (;;) {
		const char *from;

		skip_blank(&t->at);
		from = t->at;
		if (!*from)
			return false;
		if (*from == '"') {
			t->at++;
			skip_string(t);
		} else if (*from == '{' || *from == '(' || *from == '[') {
			if (t->depth < NESTING)
				t->open[t->depth] = *from;
			t->depth++;
			t->before = *t->at++;
		} else if (*from == '}' || *from == ')' || *from == ']') {
			close_bracket(t);
		} else if (word_char(*from) || *from == '$') {
			t->at++;
			while (word_char(*t->at))
				t->at++;
			*word = slice_of(from, (size_t)(t->at - from));
			return true;
		} else {
			t->before = *t->at++;
		}
	}
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
	return err_set(e, ERR_CONFIG, "jq program, line %u, column %u: %s",
		       lineno, column, what);
}

int program_check(const char *program, struct err *e)
{
	struct tokens t = {.at = program};
	struct slice word;
	char what[120];

	while (next_word(&t, &word)) {
		const char *no = refused_word(word);

		if (no && !is_name(&t, t.at)) {
			snprintf(what, sizeof(what),
				 "'%s' is refused: a program sees its row and "
				 "nothing else",
				 no);
			return program_mark(program, word.p, what, e);
		}
		t.before = 'w';
	}
	return 0;
}

/* ---- which members of a row a program reads --------------------------- */

/* Words that are no calls, and hand on no input of their own. */
static bool harmless(struct slice word)
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

/* Whether a dot is the input itself: not in front of a name, of a bracket with
 * a name in quotes, or within a number.
 */
static bool bare_dot(const char *program, const char *dot)
{
	bool digit = dot > program && dot[-1] >= '0' && dot[-1] <= '9';

	return !digit && !(dot[1] != '.' && word_char(dot[1]) &&
			   !(dot[1] >= '0' && dot[1] <= '9'));
}

/* A string that is a value, or a key with its value behind it; not one that may
 * stand for a member, as in {"a"}, nor one with expressions in it. *p goes to
 * its last quote.
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

/* What a program reads is known when nothing in it can be the row as a whole:
 * no input by itself, no variables or functions of its own, no strings but for
 * plain ones, and no call but behind a pipe, whose left side then is made of
 * named members only. All else reads the whole row.
 */
bool program_fields(const char *program, program_field_fn *add, void *ctx)
{
	struct tokens t = {.at = program};
	struct slice word;
	int ifs = 0;

	for (const char *p = program; *p; p++) {
		if (*p == '"' && !plain_string(program, &p))
			return false;
		if (*p == '@' || *p == '$' || *p == '#' ||
		    (*p == '.' && bare_dot(program, p)))
			return false;
	}
	while (next_word(&t, &word)) {
		bool number = *word.p >= '0' && *word.p <= '9';

		if (is_name(&t, t.at)) {
			const char *next = t.at;

			skip_blank(&next);
			if (t.before == '.' || *next != ':')
				add(ctx, word);
		} else if (slice_is(word, "if") || slice_is(word, "else")) {
			ifs += slice_is(word, "if") ? 1 : -1;
		} else if (!number && !harmless(word) && t.before != '|') {
			return false;
		}
		t.before = 'w';
	}
	return ifs == 0;
}

const char *program_call(const char *program, struct slice name)
{
	struct tokens t = {.at = program};
	struct slice word;

	while (next_word(&t, &word)) {
		if (slice_eq(word, name) && !is_name(&t, t.at))
			return word.p;
		t.before = 'w';
	}
	return NULL;
}

bool program_letter(char c)
{
	return word_char(c);
}
