/* source_singer.c - the output of a Singer tap: the records of one stream.
 *
 * Messages are lines of JSON: SCHEMA, RECORD, STATE, ACTIVATE_VERSION
 * (singer-io/getting-started, docs/SPEC.md). They do not say whether the tap
 * has finished, so the stream is partial unless its versions prove that the
 * table is complete (singer_version.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/mem.h"
#include "core/reader.h"
#include "core/tool.h"
#include "query/file/gunzip.h"
#include "query/file/singer_version.h"
#include "query/source.h"
#include "query/value.h"
#include "wire/json/json.h"
#include "wire/stream/control.h"
#include "wire/stream/input.h"

struct singer {
	struct rows *rows;
	struct reader *reader;
	struct scan *scan, *inner, *third;
	int fd;
	struct gunzip *from;
	struct buf stream; /* its name, with JSON escapes; empty before the
			    * SCHEMA */
	struct buf columns, key; /* of the SCHEMA: "id\0int\0"; a JSON array */
	struct singer_version version;
	uint64_t deleted; /* records with _sdc_deleted_at */
	bool stop;        /* no more lines are wanted */
};

static const struct scan_member *member(const struct scan *s, const char *name,
					enum scan_kind kind)
{
	const struct scan_member *m = scan_get(s, name);

	return m && m->kind == kind ? m : NULL;
}

static int broken(const struct singer *s, const char *what, struct err *e)
{
	return err_set(e, ERR_DATA, "line %ju: %s",
		       (uintmax_t)reader_lineno(s->reader), what);
}

/* The begin line's name for a type of JSON Schema, "string" or ["null",
 * "string"].
 */
static const char *word_of(struct singer *s, struct slice schema)
{
	static const char *const words[][2] = {
		{"\"integer\"", "int"},     {"\"number\"", "decimal"},
		{"\"boolean\"", "boolean"}, {"\"object\"", "json"},
		{"\"array\"", "array"},
	};
	const struct scan_member *m;

	if (*schema.p != '{' || scan_object(s->third, schema) < 0)
		return "any";
	m = member(s->third, "format", SCAN_STRING);
	if (m && slice_is(m->value, "\"date-time\""))
		return "datetime";
	m = scan_get(s->third, "type");
	if (!m)
		return "any";
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (memmem(m->value.p, m->value.n, words[i][0],
			   strlen(words[i][0])))
			return words[i][1];
	}
	return memmem(m->value.p, m->value.n, "\"string\"", 8) ? "string"
							       : "any";
}

/* Appends the name and type of each column to b. Returns the number of columns.
 */
static size_t list_columns(struct singer *s, struct slice properties,
			   struct buf *b)
{
	const struct scan_member *m;
	size_t n;

	if (properties.n == 0 || scan_object(s->inner, properties) < 0)
		return 0;
	m = scan_members(s->inner, &n);
	for (size_t i = 0; i < n; i++) {
		const char *word = word_of(s, m[i].value);

		json_decode(b, m[i].key);
		buf_char(b, '\0');
		buf_add(b, word, strlen(word) + 1);
	}
	return n;
}

static const char *next_text(const char **p)
{
	const char *text = *p;

	*p += strlen(text) + 1;
	return text;
}

static int begin(struct singer *s, size_t n, struct err *e)
{
	struct rows_column *c = mem_zero((n + 1) * sizeof(*c));
	const char *p = s->columns.p;
	int rc;

	for (size_t i = 0; i < n; i++) {
		c[i].name = next_text(&p);
		c[i].type = next_text(&p);
	}
	rc = n > 0 ? rows_begin(s->rows, c, n, e) : rows_begin_any(s->rows, e);
	s->stop = rc == 0;
	free(c);
	return rc < 0 ? -1 : 0;
}

/* Whether two lists have the same columns, in any order. */
static bool same_columns(const struct buf *a, const struct buf *b)
{
	const char *p = a->p, *name, *type;

	if (a->n != b->n)
		return false;
	while (p && p < a->p + a->n) {
		const char *q = b->p;
		bool found = false;

		name = next_text(&p);
		type = next_text(&p);
		while (!found && q < b->p + b->n) {
			found = strcmp(name, next_text(&q)) == 0;
			found = strcmp(type, next_text(&q)) == 0 && found;
		}
		if (!found)
			return false;
	}
	return true;
}

static int same_stream(const struct singer *s, struct err *e)
{
	const struct scan_member *m = member(s->scan, "stream", SCAN_STRING);

	if (m && slice_eq(json_inner(m->value), buf_all(&s->stream)))
		return 0;
	return broken(
		s, "a second stream; select one in the catalog of the tap", e);
}

/* Takes another SCHEMA, which a tap may repeat. It must be the same, since the
 * rows so far were read by the first.
 */
static int repeated(struct singer *s, struct slice key, struct slice properties,
		    struct err *e)
{
	struct buf columns = {0};
	bool same, same_key;

	if (same_stream(s, e) < 0)
		return -1;
	(void)list_columns(s, properties, &columns);
	same = same_columns(&s->columns, &columns);
	columns.n = 0;
	if (key.n > 0)
		(void)!value_compact(&columns, key);
	same_key = slice_eq(buf_all(&columns), buf_all(&s->key));
	buf_clear(&columns);
	if (same && same_key)
		return 0;
	return broken(s,
		      same ? "a SCHEMA with a different key than the first; "
			     "run the tap again"
			   : "a SCHEMA whose columns or types differ from the "
			     "first; run the tap again",
		      e);
}

static int take_schema(struct singer *s, struct err *e)
{
	const struct scan_member *stream =
		member(s->scan, "stream", SCAN_STRING);
	const struct scan_member *schema =
		member(s->scan, "schema", SCAN_OBJECT);
	const struct scan_member *m =
		member(s->scan, "key_properties", SCAN_ARRAY);
	struct slice properties = slice_of(NULL, 0), key = properties;

	if (m && m->value.n > 2)
		key = m->value;
	if (schema && scan_object(s->inner, schema->value) == 0) {
		m = member(s->inner, "properties", SCAN_OBJECT);
		properties = m ? m->value : properties;
	}
	if (!stream || stream->value.n <= 2 || !schema)
		return broken(s, "a SCHEMA without stream or schema", e);
	if (s->stream.n > 0)
		return repeated(s, key, properties, e);
	buf_slice(&s->stream, json_inner(stream->value));
	if (key.n > 0 && value_compact(&s->key, key) < 0)
		return broken(s, "the key is nested too deep", e);
	s->rows->key = buf_all(&s->key);
	return begin(s, list_columns(s, properties, &s->columns), e);
}

static struct slice version_of(const struct singer *s)
{
	const struct scan_member *m = member(s->scan, "version", SCAN_NUMBER);

	return m ? m->value : slice_of(NULL, 0);
}

/* Whether the record is marked as deleted from the source. */
static bool is_deleted(const struct singer *s)
{
	int at = scan_find(s->inner, slice_str("_sdc_deleted_at"));
	size_t n;

	return at >= 0 && scan_members(s->inner, &n)[at].kind != SCAN_NULL;
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
	if (singer_version_record(&s->version, version_of(s)) ==
	    SINGER_VERSION_OLD)
		return rows_skip(s->rows, reader_lineno(s->reader),
				 "a RECORD of an older version of the table",
				 line, e);
	if (!record || scan_object(s->inner, record->value) < 0)
		return rows_reject(s->rows, -1, reader_lineno(s->reader),
				   "a RECORD without record", line, e);
	if (scan_find(s->inner, slice_str(CONTROL_NAME)) >= 0)
		return rows_reject(s->rows, -1, reader_lineno(s->reader),
				   "member '_rudder': this name is reserved",
				   line, e);
	if (is_deleted(s)) {
		s->deleted++;
		return rows_skip(s->rows, reader_lineno(s->reader),
				 "deleted from the source (_sdc_deleted_at)",
				 line, e);
	}
	return rows_line(s->rows, record->value, e);
}

static int take_version(struct singer *s, struct err *e)
{
	if (s->stream.n > 0 && same_stream(s, e) < 0)
		return -1;
	singer_version_activate(&s->version, version_of(s),
				buf_all(&s->rows->state));
	return 0;
}

static int take(struct singer *s, struct slice line, struct err *e)
{
	const struct scan_member *type, *value;

	if (reader_too_long(s->reader))
		return broken(s, INPUT_TOO_LONG, e);
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
	if (type && slice_is(type->value, "\"ACTIVATE_VERSION\""))
		return take_version(s, e);
	if (type && slice_is(type->value, "\"BATCH\""))
		return broken(s,
			      "a BATCH message, which is not supported; remove "
			      "batch_config from the settings of the tap",
			      e);
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
	s->rows->partial = s->stop || !singer_version_complete(&s->version);
	if (!s->stop && reader_tail(s->reader) > 0)
		return err_set(e, ERR_DATA, "the last line is truncated");
	if (s->stream.n == 0)
		return err_set(e, ERR_DATA, "no SCHEMA message");
	return 0;
}

/* Warns if rows that are missing will not be deleted from the destination. */
static void warn(const struct singer *s)
{
	if (s->stop || !s->rows->partial)
		return;
	if (s->version.whole)
		tool_warn(
			"stream '%.*s': version %ju of the table %s, so these "
			"rows count as a part of it and nothing is deleted",
			SLICE_FMT(buf_all(&s->stream)),
			(uintmax_t)s->version.number,
			s->version.mixed
				? "arrived after other rows"
				: "may have begun in an earlier run of "
				  "the tap");
	if (s->deleted > 0)
		tool_warn("stream '%.*s': %ju row%s deleted from the source "
			  "but %s in the destination, because only a "
			  "complete table deletes; run the tap with FULL_TABLE",
			  SLICE_FMT(buf_all(&s->stream)), (uintmax_t)s->deleted,
			  counts_word(s->deleted, " is", "s are"),
			  counts_word(s->deleted, "stays", "stay"));
}

static int singer_run(const struct source_job *job, struct rows *rows,
		      struct err *e)
{
	bool in = strcmp(job->where, "-") == 0;
	struct singer s = {
		.rows = rows,
		.fd = in ? job->in : open(job->where, O_RDONLY | O_CLOEXEC),
		.scan = scan_new(),
		.inner = scan_new(),
		.third = scan_new(),
		.version = {.run_ms = clock_wall_ms()},
	};
	int rc = -1;

	if (s.fd < 0) {
		err_sys(e, errno == EACCES ? ERR_DENIED : ERR_INPUT,
			"cannot open '%s'", job->where);
	} else {
		s.from = gunzip_new(s.fd, rows);
		s.reader = reader_new(s.fd, INPUT_MAX_LINE, NULL, NULL);
		reader_from(s.reader, gunzip_read, s.from);
		rc = take_all(&s, e);
		warn(&s);
		if (rc < 0)
			err_in(e, "'%s'", in ? "standard input" : job->where);
		reader_free(s.reader);
		gunzip_free(s.from);
		if (!in)
			close(s.fd);
	}
	scan_free(s.scan);
	scan_free(s.inner);
	scan_free(s.third);
	buf_clear(&s.stream);
	buf_clear(&s.columns);
	buf_clear(&s.key);
	rows->key = slice_of(NULL, 0);
	return rc;
}

extern const struct source source_singer;
const struct source source_singer = {
	.scheme = {"singer"},
	.help = "file",
	.run = singer_run,
};
