#include "send/dest/kafkamessage.h"

#ifdef WITH_KAFKA
#include <librdkafka/rdkafka.h>

#include "core/reader.h"
#include "send/dest/body.h"
#include "wire/json/json.h"

enum { HEADERS_MAX = 32 };

/* Splits "name=field". False if it has another form. */
static bool split_header(const char *text, struct slice *name,
			 struct slice *field)
{
	const char *is = strchr(text, '=');

	if (!is || is == text || is[1] == '\0')
		return false;
	*name = slice_of(text, (size_t)(is - text));
	*field = slice_str(is + 1);
	return true;
}

/* Whether the text is a field, like userId or context.id. Otherwise it is a jq
 * program.
 */
static bool is_field(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.";

	return *text && *text != '.' && text[strspn(text, letters)] == '\0';
}

int kafkamessage_open(struct kafkamessage *m,
		      const struct kafkaconf_settings *asked, struct err *e)
{
	const struct opt_list *headers = &asked->header;
	struct slice name, field;

	m->asked = asked;
	m->scan = scan_new();
	url_template_init(&m->values);
	if (headers->n > HEADERS_MAX)
		return err_names(
			e, ERR_USAGE,
			"option '--field-header' is given more than %d "
			"times",
			HEADERS_MAX);
	for (size_t i = 0; i < headers->n; i++) {
		if (!split_header(headers->v[i], &name, &field))
			return err_names(e, ERR_USAGE,
					 "option '--field-header': expected "
					 "NAME=FIELD, found '%s'",
					 headers->v[i]);
	}
	if (!asked->key || is_field(asked->key))
		return 0;
	return body_open(&m->program, "--key", asked->key, false, e);
}

static void add_text(struct slice v, struct buf *to)
{
	to->n = 0;
	if (*v.p == '"')
		json_decode(to, json_inner(v));
	else if (*v.p != 'n')
		buf_slice(to, v);
	json_surrogates(to, 0);
}

static bool text_of(struct kafkamessage *m, const char *name, struct buf *to)
{
	const struct scan_member *of = scan_get(m->scan, name);

	to->n = 0;
	if (of)
		add_text(of->value, to);
	return to->n > 0;
}

static bool value_of(struct kafkamessage *m, const char *path, struct buf *to)
{
	to->n = 0;
	if (!url_template_value(&m->values, slice_str(path)))
		return false;
	buf_slice(to, buf_all(&m->values.text));
	return true;
}

static bool has(struct kafkamessage *m, const char *name, const char *json)
{
	const struct scan_member *of = scan_get(m->scan, name);

	return of && slice_is(of->value, json);
}

/* Reads id, key and deletes from the usual members. keyed: --key has already
 * set the key. A change in Debezium's format has them in its source.
 */
static void read_usual(struct kafkamessage *m, bool keyed)
{
	bool debezium = scan_get(m->scan, "op") && scan_get(m->scan, "source");

	if (debezium)
		url_template_event(&m->values, buf_all(&m->event));
	m->deletes = has(m, "action", "\"delete\"") ||
		     (debezium && has(m, "op", "\"d\""));
	(void)text_of(m, "messageId", &m->id);
	if (!keyed)
		(void)(text_of(m, "userId", &m->key) ||
		       text_of(m, "anonymousId", &m->key) ||
		       text_of(m, "recordId", &m->key));
	if (debezium && m->id.n == 0)
		(void)value_of(m, "source.change", &m->id);
	if (debezium && !keyed && m->key.n == 0)
		(void)value_of(m, "source.key", &m->key);
}

static int run_program(struct kafkamessage *m, struct slice event,
		       struct err *e)
{
	int rc = body_make(m->program, event, &m->made, e);

	if (rc > 0)
		add_text(buf_all(&m->made), &m->key);
	return rc > 0 ? m->key.n > 0 : rc;
}

int kafkamessage_read(struct kafkamessage *m, struct slice event, struct err *e)
{
	const char *field = m->program ? NULL : m->asked->key;

	m->event.n = 0; /* copy with the padding that the scanner needs */
	buf_slice(&m->event, event);
	memset(buf_room(&m->event, READER_PAD), 0, READER_PAD);
	m->key.n = m->id.n = 0;
	m->deletes = false;
	if (scan_object(m->scan, buf_all(&m->event)) < 0)
		return m->asked->key ? 0 : 1;
	read_usual(m, m->asked->key != NULL);
	if (field || m->asked->header.n > 0)
		url_template_event(&m->values, event);
	if (field)
		return value_of(m, field, &m->key);
	return m->program ? run_program(m, event, e) : 1;
}

bool kafkamessage_has_tombstone(const struct kafkamessage *m)
{
	return m->asked->tombstones && m->deletes && m->key.n > 0;
}

/* Casts away const: librdkafka declares as void * what it only copies. */
static void *as_void(const char *p)
{
	union {
		const char *in;
		void *out;
	} u = {.in = p};

	return u.out;
}

static void add_headers(struct kafkamessage *m, rd_kafka_headers_t *headers)
{
	struct slice name, field;

	if (m->id.n > 0)
		rd_kafka_header_add(headers, "messageId", -1, m->id.p,
				    (ssize_t)m->id.n);
	for (size_t i = 0; i < m->asked->header.n; i++) {
		const struct buf *text = &m->values.text;

		if (split_header(m->asked->header.v[i], &name, &field) &&
		    url_template_value(&m->values, field))
			rd_kafka_header_add(headers, name.p, (ssize_t)name.n,
					    text->p, (ssize_t)text->n);
	}
}

int kafkamessage_produce(struct kafkamessage *m, void *rk, void *topic,
			 struct slice value, void *opaque)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
	rd_kafka_vu_t v[] = {
		{.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topic},
		{.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
		{.vtype = RD_KAFKA_VTYPE_VALUE,
		 .u.mem = {as_void(value.p), value.n}},
		{.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = opaque},
		{.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
		{.vtype = RD_KAFKA_VTYPE_KEY},
	};
	rd_kafka_error_t *error;
	rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;

	add_headers(m, headers);
	if (m->key.n > 0) {
		v[COUNT_OF(v) - 1].u.mem.ptr = m->key.p;
		v[COUNT_OF(v) - 1].u.mem.size = m->key.n;
	}
	error = rd_kafka_produceva(rk, v, COUNT_OF(v));
	if (error) {
		err = rd_kafka_error_code(error);
		rd_kafka_error_destroy(error);
	}
	if (err)
		rd_kafka_headers_destroy(headers);
	return err;
}

static void show_headers(struct kafkamessage *m, struct buf *b)
{
	const char *before = "\"headers\":{";
	struct slice name, field;

	if (m->id.n > 0) {
		buf_fmt(b, "%s\"messageId\":", before);
		json_lossy(b, buf_all(&m->id), SIZE_MAX);
		before = ",";
	}
	for (size_t i = 0; i < m->asked->header.n; i++) {
		if (!split_header(m->asked->header.v[i], &name, &field) ||
		    !url_template_value(&m->values, field))
			continue;
		buf_str(b, before);
		json_lossy(b, name, SIZE_MAX);
		buf_char(b, ':');
		json_lossy(b, buf_all(&m->values.text), SIZE_MAX);
		before = ",";
	}
	if (*before == ',')
		buf_str(b, "},");
}

static void show_one(struct kafkamessage *m, struct slice value, struct buf *b)
{
	buf_char(b, '{');
	if (m->key.n > 0) {
		buf_str(b, "\"key\":");
		json_lossy(b, buf_all(&m->key), SIZE_MAX);
		buf_char(b, ',');
	}
	show_headers(m, b);
	buf_str(b, "\"value\":");
	buf_slice(b, value);
	buf_char(b, '}');
}

void kafkamessage_show(struct kafkamessage *m, struct slice event,
		       struct buf *b)
{
	show_one(m, event, b);
	if (!kafkamessage_has_tombstone(m))
		return;
	buf_char(b, ',');
	show_one(m, slice_str("null"), b);
}

void kafkamessage_clear(struct kafkamessage *m)
{
	body_close(m->program);
	scan_free(m->scan);
	url_template_clear(&m->values);
	buf_clear(&m->event);
	buf_clear(&m->key);
	buf_clear(&m->id);
	buf_clear(&m->made);
}

#endif
