#include "map/jq/expr.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/jq/condition_hint.h"
#include "wire/jq/compile.h"
#include "wire/jq/jqjson.h"
#include "wire/jq/program.h"
#include "wire/json/json.h"

struct expr {
	char *program;        /* owned */
	char *condition;      /* owned: condition of a program; or NULL */
	jq_state *jq, *where; /* NULL: not loaded */
	struct buf said;      /* error messages of libjq */
	char **field; /* owned: members of a row that the program reads */
	size_t n_fields;
	bool whole; /* the program may read any member */
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

/* Writes a jq program that returns the row if the condition holds, otherwise
 * nothing. A line end follows each part, because the part may end with a
 * comment.
 */
static void compose_where(struct buf *b, const char *where)
{
	buf_fmt(b,
		". as $row | [(%s\n)] | if length > 1 then error(\"the "
		"condition returned more than one value\") elif .[0] then $row "
		"else empty end",
		where);
}

static void compose(struct buf *b, const char *where, const char *const *values,
		    size_t n)
{
	if (where) {
		compose_where(b, where);
		buf_str(b, " | ");
	}
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++)
		buf_fmt(b, "%s[(%s\n)]", i > 0 ? "," : "", values[i]);
	buf_char(b, ']');
}

static void find_fields(struct expr *x, const char *program)
{
	if (program && !program_fields(program, add_field, x))
		x->whole = true;
}

/* Adds to an error that it is in the condition, and a suggestion. */
static void explain(const char *where, struct err *e)
{
	const struct err was = *e;
	struct buf hint = {0};

	condition_hint(&hint, where);
	err_names(e, was.kind, "where: %s%s", was.text, buf_cstr(&hint));
	buf_clear(&hint);
}

/* Compiles each part separately first, so that an error shows its place and no
 * part closes a bracket of another; then all parts together. The condition of a
 * program stays separate, because rows that it excludes may still be mapped to
 * deletes.
 */
int expr_new(struct expr **x, const char *where, const char *program,
	     const char *const *values, size_t n, struct err *e)
{
	struct buf all = {0};
	const char **parts = mem_zero((n + 3) * sizeof(*parts));
	size_t which;
	int rc;

	parts[0] = where;
	parts[1] = program;
	for (size_t i = 0; i < n; i++)
		parts[2 + i] = values[i];
	if (!program)
		compose(&all, where, values, n);
	else if (where)
		compose_where(&all, where);
	parts[2 + n] = all.n > 0 ? buf_cstr(&all) : NULL;
	rc = compile_check(parts, n + 3, &which, e);
	if (rc < 0 && which == 0)
		explain(where, e);
	if (rc == 0) {
		*x = mem_zero(sizeof(**x));
		(*x)->program = program ? mem_copy(program, strlen(program))
					: mem_copy(all.p, all.n);
		if (program && where)
			(*x)->condition = mem_copy(all.p, all.n);
		for (size_t i = 0; i < n + 2; i++)
			find_fields(*x, parts[i]);
	}
	buf_clear(&all);
	free(parts);
	return rc;
}

bool expr_load(struct expr *x)
{
	if (!x->jq)
		x->jq = compile_for_rows(x->program, &x->said);
	if (x->jq && x->condition && !x->where)
		x->where = compile_for_rows(x->condition, &x->said);
	return x->jq && (!x->condition || x->where);
}

void expr_free(struct expr *x)
{
	if (!x)
		return;
	if (x->jq)
		jq_teardown(&x->jq);
	if (x->where)
		jq_teardown(&x->where);
	buf_clear(&x->said);
	for (size_t i = 0; i < x->n_fields; i++)
		free(x->field[i]);
	free(x->field);
	free(x->program);
	free(x->condition);
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
	out->n = 0;
	buf_str(out, why);
	return -1;
}

/* Writes the event's text with LF. Takes event. */
static int one_event(jv event, struct buf *out)
{
	if (jv_get_kind(event) != JV_KIND_OBJECT) {
		jv_free(event);
		return refuse(out, "the jq program did not return an object");
	}
	if (jqjson_write(out, event) < 0)
		return refuse(out, "the event is nested deeper than 250 "
				   "levels");
	buf_char(out, '\n');
	return 0;
}

/* Writes the error message of an invalid value that ended the program. Takes
 * last.
 */
static int failed(jv last, struct buf *out)
{
	jv text = jv_invalid_get_msg(last);
	struct slice s;

	if (jv_get_kind(text) != JV_KIND_STRING)
		text = jv_dump_string(text, 0);
	s = slice_str(jv_string_value(text));
	if (s.n > 300)
		s.n = 300;
	s.n = json_utf8(s); /* not in the middle of a character */
	buf_str(out, "jq: ");
	buf_slice(out, s);
	jv_free(text);
	return -1;
}

/* All results of a program over a row, as an array; or an invalid value. Takes
 * row.
 */
static jv results(struct expr *x, jq_state *jq, jv row)
{
	jv all = jv_array(), one;

	x->said.n = 0;
	jq_start(jq, row, 0);
	while (jv_is_valid(one = jq_next(jq)))
		all = jv_array_append(all, one);
	if (jv_invalid_has_msg(jv_copy(one))) {
		jv_free(all);
		return one;
	}
	jv_free(one);
	return all;
}

/* Runs the program over a row and writes its events. Takes row. */
static int run_program(struct expr *x, jv row, struct buf *out, uint64_t *n)
{
	jv all;
	int count, rc = 0;

	if (!jv_is_valid(row))
		return failed(row, out);
	all = results(x, x->jq, row);
	if (!jv_is_valid(all))
		return failed(all, out);
	count = jv_array_length(jv_copy(all));
	for (int i = 0; i < count && rc == 0; i++)
		rc = one_event(jv_array_get(jv_copy(all), i), out);
	jv_free(all);
	*n = rc == 0 ? (uint64_t)count : 0;
	return rc;
}

int expr_events(struct expr *x, const struct expr_row *r, struct buf *out,
		uint64_t *n, bool *left)
{
	jv row = jqjson_read(r->row), holds;

	*n = 0;
	*left = false;
	out->n = 0;
	if (!jv_is_valid(row) || !x->where || r->pass)
		return run_program(x, row, out, n);
	holds = results(x, x->where, jv_copy(row));
	if (!jv_is_valid(holds)) {
		jv_free(row);
		return failed(holds, out);
	}
	*left = jv_array_length(holds) == 0;
	if (!*left)
		return run_program(x, row, out, n);
	jv_free(row);
	return r->removal.n == 0
		       ? 0
		       : run_program(x, jqjson_read(r->removal), out, n);
}

static int put_values(jv values, struct buf *out)
{
	int n = jv_array_length(jv_copy(values));

	for (int i = 0; i < n; i++) {
		jv one = jv_array_get(jv_copy(values), i);
		int count = jv_array_length(jv_copy(one));

		if (count > 1) {
			jv_free(one);
			return refuse(out, "a field's jq expression returned "
					   "more than one value");
		}
		if (count == 1 &&
		    jqjson_write(out, jv_array_get(jv_copy(one), 0)) < 0) {
			jv_free(one);
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
	all = results(x, x->jq, row);
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
