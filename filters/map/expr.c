#include "map/expr.h"

#include <jq.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "map/jqjson.h"
#include "map/program.h"
#include "wire/json.h"

struct expr {
	jq_state *jq;
	struct buf said; /* what libjq says of errors */
	char **field;    /* owned: the members of a row that it reads */
	size_t n_fields;
	bool whole; /* it may read any */
	struct shell shell;
};

static void add_field(void *ctx, struct slice name)
{
	struct expr *x = ctx;

	for (size_t i = 0; i < x->n_fields; i++) {
		if (slice_is(name, x->field[i]))
			return;
	}
	x->field = mem_resize(x->field, (x->n_fields + 1) * sizeof(*x->field));
	x->field[x->n_fields++] = mem_copy(name.p, name.n);
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

	if (slash && memmem(what.p, what.n, " is not defined", 15)) {
		struct slice name = slice_of(what.p, (size_t)(slash - what.p));
		const char *call = program_call(program, name);

		if (call)
			return call;
	}
	if (memmem(what.p, what.n, "unexpected $end", 15) ||
	    memmem(what.p, what.n, "unexpected end of file", 22))
		return program + high;
	while (low < high) {
		size_t half = low + (high - low) / 2;

		if (same_error(program, half, what))
			high = half;
		else
			low = half + 1;
	}
	while (high > 1 && program_letter(program[high - 1]) &&
	       program_letter(program[high - 2]))
		high--;
	return high > 0 ? program + high - 1 : program;
}

static int compile_failed(const char *program, const struct buf *said,
			  struct err *e)
{
	/* versions of libjq have other words for it */
	static const char *const ends[] = {"$end", "end of file"};
	struct slice what = message(said);
	const char *at = place(program, what);
	struct buf text = {0};
	int rc;

	while (what.n > 0) {
		size_t i = 0;

		while (i < COUNT_OF(ends) && !slice_starts(what, ends[i]))
			i++;
		if (i < COUNT_OF(ends))
			buf_str(&text, "end of program");
		else
			buf_char(&text, *what.p);
		i = i < COUNT_OF(ends) ? strlen(ends[i]) : 1;
		what = slice_of(what.p + i, what.n - i);
	}
	rc = program_mark(program, at, buf_cstr(&text), e);
	buf_clear(&text);
	return rc;
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

/* For libjq 1.6 error(null) is no error but no result, and a row would be a
 * skip. What is put in front of a program that calls it makes it one.
 */
static const char with_error[] =
	"def __error: error; def error: if . == null then \"error(null)\" | "
	"__error else __error end; def error(f): f | error; ";

static bool calls_error(const char *program)
{
	return program && program_call(program, slice_str("error"));
}

static int make_with_error(struct expr **x, const char *program, struct err *e)
{
	struct buf all = {0};
	int rc;

	buf_str(&all, with_error);
	buf_str(&all, program);
	rc = make(x, buf_cstr(&all), e);
	buf_clear(&all);
	return rc;
}

int expr_new(struct expr **x, const char *program, struct err *e)
{
	if (json_utf8(slice_str(program)) < strlen(program))
		return err_set(e, ERR_CONFIG, "the jq program is not UTF-8");
	if (program_check(program, e) < 0 || make(x, program, e) < 0)
		return -1;
	if (calls_error(program)) {
		expr_free(*x);
		if (make_with_error(x, program, e) < 0)
			return -1;
	}
	(*x)->whole = !program_fields(program, add_field, *x);
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
	bool error = calls_error(where) || calls_error(program);
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
	for (size_t i = 0; i < n; i++)
		error = error || calls_error(values[i]);
	rc = error ? make_with_error(x, buf_cstr(&all), e)
		   : make(x, buf_cstr(&all), e);
	buf_clear(&all);
	if (rc < 0)
		return -1;
	(*x)->whole = (where && !program_fields(where, add_field, *x)) ||
		      (program && !program_fields(program, add_field, *x));
	for (size_t i = 0; i < n; i++)
		(*x)->whole = !program_fields(values[i], add_field, *x) ||
			      (*x)->whole;
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
	shell_clear(&x->shell);
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

bool expr_reads_key(const struct expr *x, struct slice key)
{
	struct buf name = {0};
	bool reads;

	if (x->whole || !memchr(key.p, '\\', key.n))
		return expr_reads(x, key);
	json_decode(&name, key);
	reads = expr_reads(x, buf_all(&name));
	buf_clear(&name);
	return reads;
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

/* The names borrow from the object, which still holds them. */
static int take_apart(struct expr *x, jv event)
{
	shell_begin(&x->shell);
	jv_object_foreach(event, key, value)
	{
		struct slice name =
			slice_of(jv_string_value(key),
				 (size_t)jv_string_length_bytes(jv_copy(key)));
		int rc = jqjson_write(
			shell_part(&x->shell, name, slice_of(NULL, 0)), value);

		jv_free(key);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int one_event(struct expr *x, jv event, const struct shell_row *r,
		     const struct shell_event *d, size_t i, size_t n,
		     struct buf *out)
{
	const char *why = "the jq program gave no object";

	if (jv_get_kind(event) == JV_KIND_OBJECT) {
		why = "the event is nested deeper than 250 levels";
		if (take_apart(x, event) == 0)
			why = shell_write(&x->shell, r, d, i, n, out);
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

int expr_run(struct expr *x, const struct shell_row *r,
	     const struct shell_event *d, struct buf *out, uint64_t *n)
{
	size_t from = out->n;
	jv row = jqjson_read(r->row);
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
		if (count == 1 &&
		    jqjson_write(out, jv_array_get(jv_copy(one), 0)) < 0) {
			jv_free(one);
			out->n = 0;
			return refuse(out, "a field's value is nested deeper "
					   "than 250 levels");
		}
		buf_char(out, '\n');
		jv_free(one);
	}
	return 1;
}

int expr_values(struct expr *x, struct slice text, struct buf *out)
{
	jv row = jqjson_read(text), all;
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
