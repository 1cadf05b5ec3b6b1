#include "map/expr.h"

#include <jq.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/tool.h"
#include "wire/control.h"
#include "wire/json.h"
#include "wire/scan.h"

/* Only in libjq 1.7 and later. */
extern jv jv_number_with_literal(const char *) __attribute__((weak));

/* A member of an event on its way out. */
struct part {
	struct slice name; /* decoded */
	size_t at, n;      /* its JSON text in expr.text */
};

struct expr {
	jq_state *jq;
	struct buf said; /* what libjq says of errors */
	char **field;    /* owned: the members of a row that it reads */
	size_t n_fields;
	bool whole;      /* it may read any */
	struct buf text; /* scratch of write_event */
	struct part *part;
	size_t n_parts, parts_size;
};

bool expr_keeps_numbers(void)
{
	return jv_number_with_literal != NULL;
}

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

/* Shows the line of the program, a mark under the place, and sets *e. */
static int mark(const char *program, const char *at, const char *what,
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

static int check_words(const char *program, struct err *e)
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
			return mark(program, word.p, what, e);
		}
		t.before = 'w';
	}
	return 0;
}

/* ---- which members of a row a program reads --------------------------- */

static void add_field(struct expr *x, struct slice name)
{
	for (size_t i = 0; i < x->n_fields; i++) {
		if (slice_is(name, x->field[i]))
			return;
	}
	x->field = mem_resize(x->field, (x->n_fields + 1) * sizeof(*x->field));
	x->field[x->n_fields++] = mem_copy(name.p, name.n);
}

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
static bool find_fields(struct expr *x, const char *program)
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
				add_field(x, word);
		} else if (slice_is(word, "if") || slice_is(word, "else")) {
			ifs += slice_is(word, "if") ? 1 : -1;
		} else if (!number && !harmless(word) && t.before != '|') {
			return false;
		}
		t.before = 'w';
	}
	return ifs == 0;
}

static void keep_error(void *ctx, jv message)
{
	struct buf *b = ctx;
	jv text = jq_format_error(message);

	if (jv_get_kind(text) == JV_KIND_STRING) {
		buf_str(b, jv_string_value(text));
		buf_char(b, '\n');
	}
	jv_free(text);
}

static jv no_input(jq_state *jq, void *ctx)
{
	(void)jq;
	(void)ctx;
	return jv_invalid();
}

static void no_debug(void *ctx, jv message)
{
	(void)ctx;
	jv_free(message);
}

/* Compiles the first n bytes of the program; what libjq says goes to said. */
static jq_state *compile(const char *program, size_t n, struct buf *said)
{
	jq_state *jq = jq_init();
	char *text = mem_copy(program, n);

	said->n = 0;
	jq_set_error_cb(jq, keep_error, said);
	jq_set_input_cb(jq, no_input, NULL);
	jq_set_debug_cb(jq, no_debug, NULL);
	jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	if (!jq_compile(jq, text))
		jq_teardown(&jq); /* sets it to NULL */
	free(text);
	return jq;
}

/* libjq's message without its "jq: error: " and its "at <top-level>". */
static struct slice message(const struct buf *said)
{
	struct slice s = buf_all(said);
	const char *end;

	if (slice_starts(s, "jq: error: "))
		s = slice_of(s.p + 11, s.n - 11);
	end = memmem(s.p, s.n, " (Unix shell", 12);
	if (!end)
		end = memmem(s.p, s.n, " at <", 5);
	if (!end)
		end = memchr(s.p, '\n', s.n);
	end = end ? end : s.p + s.n;
	return slice_of(s.p, (size_t)(end - s.p));
}

static bool same_error(const char *program, size_t n, struct slice want)
{
	struct buf said = {0};
	jq_state *jq = compile(program, n, &said);
	bool same = !jq && slice_eq(message(&said), want);

	if (jq)
		jq_teardown(&jq);
	buf_clear(&said);
	return same;
}

/* Where a message belongs: libjq 1.6 tells a line at most. An undefined name
 * is looked for. A syntax error is at the end of the shortest text that has
 * the same one: the parser stops at the first token that does not fit.
 */
static const char *place(const char *program, struct slice what)
{
	const char *slash = memchr(what.p, '/', what.n);
	size_t low = 1, high = strlen(program);
	struct tokens t = {.at = program};
	struct slice word;

	if (slash && memmem(what.p, what.n, " is not defined", 15)) {
		struct slice name = slice_of(what.p, (size_t)(slash - what.p));

		while (next_word(&t, &word)) {
			if (slice_eq(word, name) && !is_name(&t, t.at))
				return word.p;
			t.before = 'w';
		}
	}
	if (memmem(what.p, what.n, "unexpected $end", 15))
		return program + high;
	while (low < high) {
		size_t half = low + (high - low) / 2;

		if (same_error(program, half, what))
			high = half;
		else
			low = half + 1;
	}
	while (high > 1 && word_char(program[high - 1]) &&
	       word_char(program[high - 2]))
		high--;
	return high > 0 ? program + high - 1 : program;
}

static int compile_failed(const char *program, const struct buf *said,
			  struct err *e)
{
	struct slice what = message(said);
	char text[300];

	snprintf(text, sizeof(text), "%.*s", SLICE_FMT(what));
	return mark(program, place(program, what), text, e);
}

/* Without looking at the words of the program. */
static int make(struct expr **x, const char *program, struct err *e)
{
	struct buf said = {0};
	jq_state *jq;

	clearenv(); /* libjq reads HOME/.jq, and programs could read all */
	jq = compile(program, strlen(program), &said);
	if (!jq) {
		compile_failed(program, &said, e);
		buf_clear(&said);
		return -1;
	}
	*x = mem_zero(sizeof(**x));
	(*x)->jq = jq;
	(*x)->said = said;
	jq_set_error_cb(jq, keep_error, &(*x)->said);
	return 0;
}

int expr_new(struct expr **x, const char *program, struct err *e)
{
	if (json_utf8(slice_str(program)) < strlen(program))
		return err_set(e, ERR_CONFIG, "the jq program is not UTF-8");
	if (check_words(program, e) < 0 || make(x, program, e) < 0)
		return -1;
	(*x)->whole = !find_fields(*x, program);
	return 0;
}

/* One part of a composed program by itself, so that an error shows its place.
 */
static int try_one(const char *program, struct err *e)
{
	struct expr *x;

	if (!program)
		return 0;
	if (expr_new(&x, program, e) < 0)
		return -1;
	expr_free(x);
	return 0;
}

/* A comment at the end of a part ends with its line. */
static void compose(struct buf *b, const char *where, const char *program,
		    const char *const *values, size_t n)
{
	if (where)
		buf_fmt(b,
			". as $row | [(%s\n)] | if length > 1 then "
			"error(\"the condition gave more than one value\") "
			"elif .[0] then $row else empty end | ",
			where);
	if (program)
		buf_fmt(b, "(%s\n)", program);
	else
		buf_char(b, '[');
	for (size_t i = 0; i < n; i++)
		buf_fmt(b, "%s[(%s\n)]", i > 0 ? "," : "", values[i]);
	if (!program)
		buf_char(b, ']');
}

int expr_new_where(struct expr **x, const char *where, const char *program,
		   const char *const *values, size_t n, struct err *e)
{
	struct buf all = {0};
	int rc;

	if (!where && program)
		return expr_new(x, program, e);
	rc = try_one(where, e);
	if (rc == 0)
		rc = try_one(program, e);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = try_one(values[i], e);
	if (rc < 0)
		return -1;
	compose(&all, where, program, values, n);
	rc = make(x, buf_cstr(&all), e);
	buf_clear(&all);
	if (rc < 0)
		return -1;
	(*x)->whole = (where && !find_fields(*x, where)) ||
		      (program && !find_fields(*x, program));
	for (size_t i = 0; i < n; i++)
		(*x)->whole = !find_fields(*x, values[i]) || (*x)->whole;
	return 0;
}

void expr_free(struct expr *x)
{
	if (!x)
		return;
	jq_teardown(&x->jq);
	buf_clear(&x->said);
	for (size_t i = 0; i < x->n_fields; i++)
		free(x->field[i]);
	free(x->field);
	buf_clear(&x->text);
	free(x->part);
	free(x);
}

bool expr_reads(const struct expr *x, struct slice name)
{
	for (size_t i = 0; i < x->n_fields && !x->whole; i++) {
		if (slice_is(name, x->field[i]))
			return true;
	}
	return x->whole;
}

bool expr_reads_all(const struct expr *x)
{
	return x->whole;
}

/* ---- events ----------------------------------------------------------- */

static int refuse(struct buf *out, const char *why)
{
	buf_str(out, why);
	return -1;
}

/* A jv's JSON text at the end of b. Takes it. */
static void put_json(struct buf *b, jv v)
{
	jv text;

	if (jv_get_kind(v) == JV_KIND_STRING) {
		struct slice s =
			slice_of(jv_string_value(v),
				 (size_t)jv_string_length_bytes(jv_copy(v)));

		json_string(b, s);
		jv_free(v);
		return;
	}
	text = jv_dump_string(v, 0);
	buf_add(b, jv_string_value(text),
		(size_t)jv_string_length_bytes(jv_copy(text)));
	jv_free(text);
}

/* A new part, whose text is to be added to x->text. */
static struct part *new_part(struct expr *x, struct slice name)
{
	if (x->n_parts == x->parts_size) {
		x->parts_size = x->parts_size ? 2 * x->parts_size : 16;
		x->part = mem_resize(x->part, x->parts_size * sizeof(*x->part));
	}
	x->part[x->n_parts] = (struct part){.name = name, .at = x->text.n};
	return &x->part[x->n_parts++];
}

static void end_part(struct expr *x)
{
	struct part *p = &x->part[x->n_parts - 1];

	p->n = x->text.n - p->at;
}

static struct part *find_part(struct expr *x, const char *name)
{
	for (size_t i = 0; i < x->n_parts; i++) {
		if (slice_is(x->part[i].name, name))
			return &x->part[i];
	}
	return NULL;
}

static char first_of(const struct expr *x, const struct part *p)
{
	return x->text.p[p->at];
}

static void add_text(struct expr *x, const char *name, struct slice json)
{
	if (find_part(x, name))
		return;
	new_part(x, slice_str(name));
	buf_slice(&x->text, json);
	end_part(x);
}

/* Whether a member is there and a string that is not empty. */
static bool is_text(struct expr *x, const char *name)
{
	struct part *p = find_part(x, name);

	return p && first_of(x, p) == '"' && p->n > 2;
}

static bool is_record(struct expr *x)
{
	struct part *p = find_part(x, "type");

	return p && slice_is(slice_of(x->text.p + p->at, p->n), "\"record\"");
}

/* An identifier that the program gave as a string, or a number made one; null
 * is none. Else the row's.
 */
static int set_identifier(struct expr *x, const char *name, struct slice json)
{
	struct part *p = find_part(x, name);
	char first = p ? first_of(x, p) : 'n';

	if (first == '"')
		return 0;
	if (first == '-' || (first >= '0' && first <= '9')) {
		size_t at = x->text.n;

		buf_room(&x->text, p->n + 2);
		buf_char(&x->text, '"');
		buf_add(&x->text, x->text.p + p->at, p->n);
		buf_char(&x->text, '"');
		p->at = at;
		p->n += 2;
		return 0;
	}
	if (first != 'n')
		return -1;
	if (p)
		*p = x->part[--x->n_parts];
	if (json.n > 0)
		add_text(x, name, json);
	return 0;
}

/* The context, which is a jv for its sources to be added. */
static int set_context(struct expr *x, jv event, struct slice sources)
{
	struct part *p = find_part(x, "context");
	bool empty;

	if (!p) {
		new_part(x, slice_str("context"));
		buf_str(&x->text, "{\"sources\":");
		buf_slice(&x->text, sources);
		buf_char(&x->text, '}');
		end_part(x);
		return 0;
	}
	if (first_of(x, p) != '{')
		return -1;
	if (jv_object_has(jv_object_get(jv_copy(event), jv_string("context")),
			  jv_string("sources")))
		return 0;
	empty = p->n == 2;
	buf_room(&x->text, p->n);
	buf_add(&x->text, x->text.p + p->at, p->n - 1);
	p->at = x->text.n - (p->n - 1);
	buf_str(&x->text, empty ? "\"sources\":" : ",\"sources\":");
	buf_slice(&x->text, sources);
	buf_char(&x->text, '}');
	p->n = x->text.n - p->at;
	return 0;
}

static void add_string(struct expr *x, const char *name, struct slice text)
{
	if (find_part(x, name))
		return;
	new_part(x, slice_str(name));
	json_string(&x->text, text);
	end_part(x);
}

static void add_message_id(struct expr *x, struct slice id, size_t i, size_t n)
{
	if (find_part(x, "messageId"))
		return;
	new_part(x, slice_str("messageId"));
	buf_char(&x->text, '"');
	control_message_id(&x->text, id, i, n);
	buf_char(&x->text, '"');
	end_part(x);
}

/* What an event must have: NULL, or what it lacks. */
static const char *complete(struct expr *x, jv event, const struct expr_row *r,
			    const struct expr_event *d, size_t i, size_t n)
{
	if (r->change &&
	    (find_part(x, "messageId") || find_part(x, "recordId")))
		return "the program sets messageId or recordId, which a "
		       "change has already";
	if (set_context(x, event, d->sources) < 0)
		return "the event's context is no object";
	add_text(x, "channel", slice_str("\"sources\""));
	add_message_id(x, r->id, i, n);
	add_text(x, "recordId", r->record);
	if (d->type)
		add_string(x, "type", slice_str(d->type));
	if (!is_text(x, "type"))
		return "the event has no type";
	if (is_record(x))
		add_string(x, "action",
			   r->action.n > 0 ? r->action : slice_str("insert"));
	if (!is_text(x, "messageId") || !is_text(x, "recordId"))
		return "the event's messageId or recordId is no string";
	if (set_identifier(x, "userId", r->user_id) < 0 ||
	    set_identifier(x, "anonymousId", r->anonymous_id) < 0)
		return "the user id is neither string nor number";
	if (!is_text(x, "userId") && !is_text(x, "anonymousId") &&
	    !is_record(x))
		return "no user id";
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int c = memcmp(x->name.p, y->name.p, n);

	return c != 0 ? c : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

/* The members in alphabetical order, and LF. */
static void write_event(struct expr *x, struct buf *out)
{
	qsort(x->part, x->n_parts, sizeof(*x->part), by_name);
	buf_char(out, '{');
	for (size_t i = 0; i < x->n_parts; i++) {
		const struct part *p = &x->part[i];

		if (i > 0)
			buf_char(out, ',');
		json_string(out, p->name);
		buf_char(out, ':');
		buf_add(out, x->text.p + p->at, p->n);
	}
	buf_str(out, "}\n");
}

/* Takes apart an object; the names borrow from it. */
static void take_apart(struct expr *x, jv event)
{
	x->n_parts = 0;
	x->text.n = 0;
	jv_object_foreach(event, key, value)
	{
		struct slice name =
			slice_of(jv_string_value(key),
				 (size_t)jv_string_length_bytes(jv_copy(key)));

		new_part(x, name);
		put_json(&x->text, value);
		end_part(x);
		jv_free(key); /* the event still holds it */
	}
}

static int one_event(struct expr *x, jv event, const struct expr_row *r,
		     const struct expr_event *d, size_t i, size_t n,
		     struct buf *out)
{
	const char *why = "the jq program gave no object";

	if (jv_get_kind(event) == JV_KIND_OBJECT) {
		take_apart(x, event);
		why = complete(x, event, r, d, i, n);
		if (!why)
			write_event(x, out);
	}
	jv_free(event);
	return why ? refuse(out, why) : 0;
}

/* The reason in an invalid value that ended the program. Takes it. */
static int failed(jv last, struct buf *out)
{
	jv text = jv_invalid_get_msg(last);

	if (jv_get_kind(text) != JV_KIND_STRING)
		text = jv_dump_string(text, 0);
	buf_str(out, "jq: ");
	buf_add(out, jv_string_value(text),
		strnlen(jv_string_value(text), 300));
	jv_free(text);
	return -1;
}

/* All results of the program over a row, or an invalid value. */
static jv results(struct expr *x, jv row)
{
	jv all = jv_array(), one;

	x->said.n = 0;
	jq_start(x->jq, row, 0);
	while (jv_is_valid(one = jq_next(x->jq)))
		all = jv_array_append(all, one);
	if (jv_invalid_has_msg(jv_copy(one))) {
		jv_free(all);
		return one;
	}
	jv_free(one);
	return all;
}

int expr_run(struct expr *x, const struct expr_row *r,
	     const struct expr_event *d, struct buf *out, uint64_t *n)
{
	size_t from = out->n;
	jv row = jv_parse_sized(r->row.p, (int)r->row.n);
	jv all;
	int count;

	*n = 0;
	if (!jv_is_valid(row))
		return failed(row, out);
	all = results(x, row);
	if (!jv_is_valid(all))
		return failed(all, out);
	count = jv_array_length(jv_copy(all));
	for (int i = 0; i < count; i++) {
		size_t before = out->n;

		if (one_event(x, jv_array_get(jv_copy(all), i), r, d,
			      (size_t)i + 1, (size_t)count, out) < 0) {
			memmove(out->p + from, out->p + before,
				out->n - before);
			out->n -= before - from;
			jv_free(all);
			return -1;
		}
	}
	jv_free(all);
	*n = (uint64_t)count;
	return 0;
}

static int put_values(jv values, struct buf *out)
{
	int n = jv_array_length(jv_copy(values));

	for (int i = 0; i < n; i++) {
		jv one = jv_array_get(jv_copy(values), i);
		int count = jv_array_length(jv_copy(one));

		if (count > 1) {
			jv_free(one);
			out->n = 0;
			return refuse(out, "a field's jq expression gave more "
					   "than one value");
		}
		if (count == 1)
			put_json(out, jv_array_get(jv_copy(one), 0));
		buf_char(out, '\n');
		jv_free(one);
	}
	return 1;
}

int expr_values(struct expr *x, struct slice text, struct buf *out)
{
	jv row = jv_parse_sized(text.p, (int)text.n), all;
	int rc = 0;

	if (!jv_is_valid(row))
		return failed(row, out);
	all = results(x, row);
	if (!jv_is_valid(all))
		return failed(all, out);
	if (jv_array_length(jv_copy(all)) > 0) {
		jv values = jv_array_get(jv_copy(all), 0);

		rc = put_values(values, out);
		jv_free(values);
	}
	jv_free(all);
	return rc;
}
