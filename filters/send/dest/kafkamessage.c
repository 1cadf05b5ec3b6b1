#include "send/dest/kafkamessage.h"

#ifdef WITH_KAFKA
#include <librdkafka/rdkafka.h>

#include "core/reader.h"
#include "wire/json/json.h"

static bool text_of(struct kafkamessage *m, const char *name, struct buf *to)
{
	const struct scan_member *of = scan_get(m->scan, name);
	struct slice v;

	to->n = 0;
	if (!of)
		return false;
	v = of->value;
	if (*v.p == '"')
		json_decode(to, json_inner(v));
	else if (*v.p != 'n')
		buf_slice(to, v);
	json_surrogates(to, 0);
	return to->n > 0;
}

void kafkamessage_read(struct kafkamessage *m, struct slice event)
{
	if (!m->scan)
		m->scan = scan_new();
	m->event.n = 0; /* a copy, with the room that the scanner wants */
	buf_slice(&m->event, event);
	memset(buf_room(&m->event, READER_PAD), 0, READER_PAD);
	m->key.n = m->id.n = 0;
	if (scan_object(m->scan, buf_all(&m->event)) < 0)
		return;
	(void)(text_of(m, "userId", &m->key) ||
	       text_of(m, "anonymousId", &m->key) ||
	       text_of(m, "recordId", &m->key));
	(void)text_of(m, "messageId", &m->id);
}

/* librdkafka takes what it copies as void *. */
static void *as_void(const char *p)
{
	union {
		const char *in;
		void *out;
	} u = {.in = p};

	return u.out;
}

int kafkamessage_produce(struct kafkamessage *m, void *rk, void *topic,
			 struct slice event, void *opaque)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
	rd_kafka_vu_t v[] = {
		{.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topic},
		{.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
		{.vtype = RD_KAFKA_VTYPE_VALUE,
		 .u.mem = {as_void(event.p), event.n}},
		{.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = opaque},
		{.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
		{.vtype = RD_KAFKA_VTYPE_KEY},
	};
	rd_kafka_error_t *error;
	rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;

	kafkamessage_read(m, event);
	if (m->id.n > 0)
		rd_kafka_header_add(headers, "messageId", -1, m->id.p,
				    (ssize_t)m->id.n);
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

void kafkamessage_show(struct kafkamessage *m, struct slice event,
		       struct buf *b)
{
	kafkamessage_read(m, event);
	buf_char(b, '{');
	if (m->key.n > 0) {
		buf_str(b, "\"key\":");
		json_lossy(b, buf_all(&m->key), SIZE_MAX);
		buf_char(b, ',');
	}
	if (m->id.n > 0) {
		buf_str(b, "\"headers\":{\"messageId\":");
		json_lossy(b, buf_all(&m->id), SIZE_MAX);
		buf_str(b, "},");
	}
	buf_str(b, "\"value\":");
	buf_slice(b, event);
	buf_char(b, '}');
}

void kafkamessage_clear(struct kafkamessage *m)
{
	scan_free(m->scan);
	buf_clear(&m->event);
	buf_clear(&m->key);
	buf_clear(&m->id);
}

#endif
