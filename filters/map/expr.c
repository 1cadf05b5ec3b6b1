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

struct expr {
	jq_state *jq;
	struct buf said; /* what libjq says of errors */
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
	       (c >= '0' && c <= '9') || c == '_' || c == ':';
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
			while (word_char(*t->at) && *t->at != ':')
				t->at++;
			while (t->at[0] == ':' && t->at[1] == ':') {
				t->at += 2;
				while (word_char(*t->at) && *t->at != ':')
					t->at++;
			}
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

int expr_new(struct expr **x, const char *program, struct err *e)
{
	struct buf said = {0};
	jq_state *jq;

	if (json_utf8(slice_str(program)) < strlen(program))
		return err_set(e, ERR_CONFIG, "the jq program is not UTF-8");
	if (check_words(program, e) < 0)
		return -1;
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

void expr_free(struct expr *x)
{
	if (!x)
		return;
	jq_teardown(&x->jq);
	buf_clear(&x->said);
	free(x);
}

/* ---- events ----------------------------------------------------------- */

static int refuse(struct buf *out, const char *why)
{
	buf_str(out, why);
	return -1;
}

static bool has(jv object, const char *name)
{
	return jv_object_has(jv_copy(object), jv_string(name));
}

static jv string_of(struct slice json)
{
	struct buf b = {0};
	jv v;

	json_decode(&b, json_inner(json));
	v = jv_string_sized(buf_cstr(&b), (int)b.n);
	buf_clear(&b);
	return v;
}

/* An identifier that the program gave as a string, or a number made one; null
 * is none. Else the row's.
 */
static int set_identifier(jv *event, const char *name, struct slice json)
{
	jv v = jv_object_get(jv_copy(*event), jv_string(name));

	if (jv_get_kind(v) == JV_KIND_STRING)
		goto out;
	if (jv_get_kind(v) == JV_KIND_NUMBER) {
		*event = jv_object_set(*event, jv_string(name),
				       jv_dump_string(jv_copy(v), 0));
		goto out;
	}
	if (jv_is_valid(v) && jv_get_kind(v) != JV_KIND_NULL) {
		jv_free(v);
		return -1;
	}
	*event = json.n > 0 ? jv_object_set(*event, jv_string(name),
					    string_of(json))
			    : jv_object_delete(*event, jv_string(name));
out:
	jv_free(v);
	return 0;
}

static int set_context(jv *event, struct slice sources)
{
	jv context = jv_object_get(jv_copy(*event), jv_string("context"));

	if (!jv_is_valid(context)) {
		jv_free(context);
		context = jv_object();
	}
	if (jv_get_kind(context) != JV_KIND_OBJECT) {
		jv_free(context);
		return -1;
	}
	if (has(context, "sources")) {
		jv_free(context);
		return 0;
	}
	context = jv_object_set(context, jv_string("sources"),
				jv_parse_sized(sources.p, (int)sources.n));
	*event = jv_object_set(*event, jv_string("context"), context);
	return 0;
}

static void set_default(jv *event, const char *name, jv v)
{
	if (has(*event, name))
		jv_free(v);
	else
		*event = jv_object_set(*event, jv_string(name), v);
}

static bool is_text(jv event, const char *name)
{
	jv v = jv_object_get(jv_copy(event), jv_string(name));
	bool text = jv_get_kind(v) == JV_KIND_STRING &&
		    jv_string_length_bytes(jv_copy(v)) > 0;

	jv_free(v);
	return text;
}

static bool is_record(jv event)
{
	jv v = jv_object_get(jv_copy(event), jv_string("type"));
	bool record = strcmp(jv_string_value(v), "record") == 0;

	jv_free(v);
	return record;
}

/* What a record does: what the change says, else an insert. */
static jv action_of(struct slice action)
{
	return action.n > 0 ? jv_string_sized(action.p, (int)action.n)
			    : jv_string("insert");
}

/* What an event must have: NULL, or what it lacks. */
static const char *complete(jv *event, const struct expr_row *r,
			    const struct expr_event *d, size_t i, size_t n)
{
	struct buf id = {0};

	if (r->change && (has(*event, "messageId") || has(*event, "recordId")))
		return "the program sets messageId or recordId, which a "
		       "change has already";
	if (set_context(event, d->sources) < 0)
		return "the event's context is no object";
	set_default(event, "channel", jv_string("sources"));
	control_message_id(&id, r->id, i, n);
	set_default(event, "messageId", jv_string_sized(id.p, (int)id.n));
	buf_clear(&id);
	set_default(event, "recordId", string_of(r->record));
	if (d->type)
		set_default(event, "type", jv_string(d->type));
	if (!is_text(*event, "type"))
		return "the event has no type";
	if (is_record(*event))
		set_default(event, "action", action_of(r->action));
	if (!is_text(*event, "messageId") || !is_text(*event, "recordId"))
		return "the event's messageId or recordId is no string";
	if (set_identifier(event, "userId", r->user_id) < 0 ||
	    set_identifier(event, "anonymousId", r->anonymous_id) < 0)
		return "the user id is neither string nor number";
	if (!is_text(*event, "userId") && !is_text(*event, "anonymousId") &&
	    !is_record(*event))
		return "no user id";
	return NULL;
}

/* The members in alphabetical order, and LF. Takes the event. */
static void write_event(struct buf *out, jv event)
{
	jv keys = jv_keys(jv_copy(event));
	int n = jv_array_length(jv_copy(keys));

	buf_char(out, '{');
	for (int i = 0; i < n; i++) {
		jv key = jv_array_get(jv_copy(keys), i);
		jv value = jv_object_get(jv_copy(event), jv_copy(key));
		jv name = jv_dump_string(key, 0);
		jv text = jv_dump_string(value, 0);

		if (i > 0)
			buf_char(out, ',');
		buf_str(out, jv_string_value(name));
		buf_char(out, ':');
		buf_str(out, jv_string_value(text));
		jv_free(name);
		jv_free(text);
	}
	buf_str(out, "}\n");
	jv_free(keys);
	jv_free(event);
}

static int one_event(jv event, const struct expr_row *r,
		     const struct expr_event *d, size_t i, size_t n,
		     struct buf *out)
{
	const char *why = NULL;

	if (jv_get_kind(event) != JV_KIND_OBJECT)
		why = "the jq program gave no object";
	else
		why = complete(&event, r, d, i, n);
	if (!why) {
		write_event(out, event);
		return 0;
	}
	jv_free(event);
	return refuse(out, why);
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

		if (one_event(jv_array_get(jv_copy(all), i), r, d,
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
