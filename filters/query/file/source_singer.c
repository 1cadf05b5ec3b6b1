/* source_singer.c - the output of a Singer tap: one stream's records.
 *
 * Messages are lines of JSON: SCHEMA, RECORD, STATE, ACTIVATE_VERSION
 * (singer-io/getting-started, docs/SPEC.md). Nothing in them says that a tap
 * has come to its end, so the stream is partial unless an ACTIVATE_VERSION
 * stands behind the records: a tap writes that when a whole table is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/reader.h"
#include "query/source.h"
#include "wire/json/json.h"
#include "wire/stream/control.h"
#include "wire/stream/input.h"

struct singer {
	struct rows *rows;
	struct reader *reader;
	struct scan *scan, *inner, *third;
	int fd;
	struct buf stream; /* its name, still escaped; empty: no SCHEMA yet */
	bool whole;        /* an ACTIVATE_VERSION behind a record */
	bool stop;         /* no more lines are wanted */
};

static int wait_more(void *ctx, struct err *e)
{
	const struct singer *s = ctx;

	return rows_wait(s->rows, s->fd, e) < 0 ? -1 : 0;
}

static const struct scan_member *member(const struct scan *s, const char *name,
					enum scan_kind kind)
{
	int at = scan_find(s, slice_str(name));
	size_t n;
	const struct scan_member *m = scan_members(s, &n);

	return at >= 0 && m[at].kind == kind ? &m[at] : NULL;
}

static int broken(const struct singer *s, const char *what, struct err *e)
{
	return err_set(e, ERR_DATA, "line %ju: %s",
		       (uintmax_t)reader_lineno(s->reader), what);
}

/* A type of JSON Schema, "string" or ["null", "string"], in our words. */
static const char *word_of(struct singer *s, struct slice schema)
{
	static const char *const words[][2] = {
		{"\"integer\"", "int"},     {"\"number\"", "decimal"},
		{"\"boolean\"", "boolean"}, {"\"object\"", "json"},
		{"\"array\"", "array"},
	};
	const struct scan_member *m;
	size_t n;
	int at;

	if (*schema.p != '{' || scan_object(s->third, schema) < 0)
		return "any";
	m = member(s->third, "format", SCAN_STRING);
	if (m && slice_is(m->value, "\"date-time\""))
		return "datetime";
	at = scan_find(s->third, slice_str("type"));
	if (at < 0)
		return "any";
	m = scan_members(s->third, &n) + at;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (memmem(m->value.p, m->value.n, words[i][0],
			   strlen(words[i][0])))
			return words[i][1];
	}
	return memmem(m->value.p, m->value.n, "\"string\"", 8) ? "string"
							       : "any";
}

static int begin(struct singer *s, struct slice properties, struct err *e)
{
	const struct scan_member *m;
	struct rows_column *c;
	struct buf names = {0};
	size_t n, from = 0;
	int rc;

	if (scan_object(s->inner, properties) < 0)
		return broken(s, "a SCHEMA without properties", e);
	m = scan_members(s->inner, &n);
	c = mem_zero((n + 1) * sizeof(*c));
	for (size_t i = 0; i < n; i++) {
		c[i].type = word_of(s, m[i].value);
		json_decode(&names, m[i].key);
		buf_char(&names, '\0');
	}
	for (size_t i = 0; i < n; i++) {
		c[i].name = names.p + from;
		from += strlen(names.p + from) + 1;
	}
	rc = rows_begin(s->rows, c, n, e);
	s->stop = rc == 0;
	free(c);
	buf_clear(&names);
	return rc < 0 ? -1 : 0;
}

static int same_stream(const struct singer *s, struct err *e)
{
	const struct scan_member *m = member(s->scan, "stream", SCAN_STRING);

	if (m && slice_eq(json_inner(m->value), buf_all(&s->stream)))
		return 0;
	return broken(
		s, "a second stream; choose one in the catalog of the tap", e);
}

static int take_schema(struct singer *s, struct err *e)
{
	const struct scan_member *stream =
		member(s->scan, "stream", SCAN_STRING);
	const struct scan_member *schema =
		member(s->scan, "schema", SCAN_OBJECT);
	const struct scan_member *key =
		member(s->scan, "key_properties", SCAN_ARRAY);
	const struct scan_member *properties = NULL;

	if (s->stream.n > 0)
		return same_stream(s, e);
	if (schema && scan_object(s->inner, schema->value) == 0)
		properties = member(s->inner, "properties", SCAN_OBJECT);
	if (!stream || stream->value.n <= 2 || !properties)
		return broken(s, "a SCHEMA without stream or properties", e);
	buf_slice(&s->stream, json_inner(stream->value));
	if (key && key->value.n > 2)
		s->rows->key = key->value;
	return begin(s, properties->value, e);
}

static int take_record(struct singer *s, struct slice line, struct err *e)
{
	const struct scan_member *record =
		member(s->scan, "record", SCAN_OBJECT);

	if (s->stream.n == 0)
		return broken(s, "a RECORD before its SCHEMA", e);
	if (same_stream(s, e) < 0)
		return -1;
	if (rows_full(s->rows)) {
		s->stop = true;
		return 0;
	}
	s->whole = false;
	if (!record || scan_object(s->inner, record->value) < 0)
		return rows_reject(s->rows, -1, reader_lineno(s->reader),
				   "a RECORD without record", line, e);
	if (scan_find(s->inner, slice_str(CONTROL_NAME)) >= 0)
		return rows_reject(s->rows, -1, reader_lineno(s->reader),
				   "member '_rudder': this name is reserved",
				   line, e);
	return rows_line(s->rows, record->value, e);
}

static int take(struct singer *s, struct slice line, struct err *e)
{
	const struct scan_member *type, *value;

	if (reader_too_long(s->reader))
		return broken(s, "longer than 16 MiB", e);
	if (scan_object(s->scan, line) < 0)
		return broken(s, scan_why(s->scan), e);
	type = member(s->scan, "type", SCAN_STRING);
	if (type && slice_is(type->value, "\"RECORD\""))
		return take_record(s, line, e);
	if (type && slice_is(type->value, "\"SCHEMA\""))
		return take_schema(s, e);
	if (type && slice_is(type->value, "\"STATE\"")) {
		value = member(s->scan, "value", SCAN_OBJECT);
		s->rows->state.n = 0;
		if (value)
			buf_slice(&s->rows->state, value->value);
		return 0;
	}
	if (type && slice_is(type->value, "\"ACTIVATE_VERSION\"")) {
		s->whole = s->rows->rows + s->rows->rejects > 0;
		return 0;
	}
	return broken(s, "a message of an unknown type", e);
}

static int take_all(struct singer *s, struct err *e)
{
	struct slice line;
	int rc;

	while (!s->stop && (rc = reader_next(s->reader, &line, e)) != 0) {
		if (rc < 0 || take(s, line, e) < 0)
			return -1;
	}
	s->rows->partial = !s->whole || s->stop;
	if (!s->stop && reader_tail(s->reader) > 0)
		return err_set(e, ERR_DATA, "the last line was cut off");
	if (s->stream.n == 0)
		return err_set(e, ERR_DATA, "no SCHEMA message");
	return 0;
}

static int run(const struct source_job *job, struct rows *rows, struct err *e)
{
	bool in = strcmp(job->where, "-") == 0;
	struct singer s = {
		.rows = rows,
		.fd = in ? job->in : open(job->where, O_RDONLY | O_CLOEXEC),
		.scan = scan_new(),
		.inner = scan_new(),
		.third = scan_new(),
	};
	int rc = -1;

	if (s.fd < 0) {
		err_sys(e, errno == EACCES ? ERR_DENIED : ERR_INPUT,
			"cannot open '%s'", job->where);
	} else {
		s.reader = reader_new(s.fd, INPUT_MAX_LINE, wait_more, &s);
		rc = take_all(&s, e);
		if (rc < 0)
			err_in(e, "'%s'", in ? "standard input" : job->where);
		reader_free(s.reader);
		if (!in)
			close(s.fd);
	}
	scan_free(s.scan);
	scan_free(s.inner);
	scan_free(s.third);
	buf_clear(&s.stream);
	return rc;
}

extern const struct source source_singer;
const struct source source_singer = {
	.scheme = {"singer"},
	.run = run,
};
