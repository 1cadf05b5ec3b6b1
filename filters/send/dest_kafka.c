#include "send/dest_kafka.h"

#ifdef WITH_KAFKA
#include <errno.h>
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/reader.h"
#include "core/tool.h"
#include "send/kafkaconf.h"
#include "wire/json.h"
#include "wire/scan.h"

enum {
	WHY_BYTES = 512,
	LEAVE_MS = 2000, /* for what is in flight at an abort */
	FDS = 4,
};

/* The events of one job; each message's opaque points to its item. */
struct flight {
	struct dest_job *job; /* NULL: nobody asks any more */
	struct dest_item *item;
	struct mark {
		struct flight *flight;
	} * mark;             /* one an item, so that its index is known */
	size_t n, size, open; /* without a report */
};

struct kafka {
	rd_kafka_t *rk;
	rd_kafka_topic_t *topic;
	rd_kafka_queue_t *queue;
	int wake[2]; /* readable when reports wait */
	struct flight *flight;
	unsigned flights;
	struct dest_list done;
	struct scan *scan;
	struct buf event, key, id;
	char fatal[WHY_BYTES];
};

/* ---- delivery reports -------------------------------------------------- */

static enum reply_class class_of(const rd_kafka_message_t *m)
{
	switch (m->err) {
	case RD_KAFKA_RESP_ERR_NO_ERROR:
		return REPLY_TAKEN;
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
	case RD_KAFKA_RESP_ERR_INVALID_MSG:
	case RD_KAFKA_RESP_ERR_INVALID_RECORD:
		return REPLY_REFUSED;
	default:
		break;
	}
	return rd_kafka_message_status(m) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED
		       ? REPLY_LATER
		       : REPLY_UNKNOWN;
}

static void finish(struct kafka *k, struct flight *f)
{
	f->job->reply = (struct reply){
		.class = REPLY_EACH, .delivered = true, .sent = 1};
	f->job->item = f->item;
	dest_push(&k->done, f->job);
	f->job = NULL;
}

static void on_report(rd_kafka_t *rk, const rd_kafka_message_t *m, void *ctx)
{
	struct mark *mark = m->_private;
	struct flight *f = mark->flight;
	size_t i = (size_t)(mark - f->mark);

	(void)rk;
	f->item[i].class = class_of(m);
	f->item[i].why = m->err ? rd_kafka_err2str(m->err) : NULL;
	if (--f->open == 0 && f->job)
		finish(ctx, f);
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *ctx)
{
	struct kafka *k = ctx;

	if (code == RD_KAFKA_RESP_ERR__FATAL)
		rd_kafka_fatal_error(rk, k->fatal, sizeof(k->fatal));
	tool_debug("kafka: %s", reason);
}

/* ---- opening ----------------------------------------------------------- */

static int kafka_open(void **d, const struct dest_options *o, struct err *e)
{
	struct kafka *k = mem_zero(sizeof(*k));
	rd_kafka_conf_t *c = NULL;
	char *brokers = NULL, why[WHY_BYTES];
	const char *topic = NULL;
	int rc = -1;

	*d = k;
	k->wake[0] = k->wake[1] = -1;
	if (kafkaconf_split(o->url, &brokers, &topic, e) < 0)
		goto out;
	c = rd_kafka_conf_new();
	rd_kafka_conf_set_opaque(c, k);
	rd_kafka_conf_set_dr_msg_cb(c, on_report);
	rd_kafka_conf_set_error_cb(c, on_error);
	if (kafkaconf_fill(c, o, brokers, e) < 0)
		goto out;
	k->rk = rd_kafka_new(RD_KAFKA_PRODUCER, c, why, sizeof(why));
	if (!k->rk) {
		err_set(e, ERR_CONFIG, "kafka: %s", why);
		goto out;
	}
	c = NULL; /* the producer's */
	k->topic = rd_kafka_topic_new(k->rk, topic, NULL);
	if (!k->topic || pipe2(k->wake, O_CLOEXEC | O_NONBLOCK) < 0) {
		err_set(e, ERR_OS, "kafka: cannot make the topic's handle");
		goto out;
	}
	k->queue = rd_kafka_queue_get_main(k->rk);
	rd_kafka_queue_io_event_enable(k->queue, k->wake[1], "1", 1);
	k->scan = scan_new();
	k->flights = o->connections;
	k->flight = mem_zero(k->flights * sizeof(*k->flight));
	rc = 0;
out:
	if (c)
		rd_kafka_conf_destroy(c);
	free(brokers);
	return rc;
}

/* ---- sending ----------------------------------------------------------- */

static bool text_of(struct kafka *k, const char *name, struct buf *to)
{
	int at = scan_find(k->scan, slice_str(name));
	size_t n;
	struct slice v;

	to->n = 0;
	if (at < 0)
		return false;
	v = scan_members(k->scan, &n)[at].value;
	if (*v.p == '"')
		json_decode(to, json_inner(v));
	else if (*v.p != 'n')
		buf_slice(to, v);
	return to->n > 0;
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

static rd_kafka_resp_err_t produce(struct kafka *k, struct slice event,
				   struct mark *mark)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
	rd_kafka_vu_t v[] = {
		{.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = k->topic},
		{.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
		{.vtype = RD_KAFKA_VTYPE_VALUE,
		 .u.mem = {as_void(event.p), event.n}},
		{.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = mark},
		{.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
		{.vtype = RD_KAFKA_VTYPE_KEY},
	};
	rd_kafka_error_t *error;
	rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;

	k->event.n = 0; /* a copy, with the room that the scanner wants */
	buf_slice(&k->event, event);
	memset(buf_room(&k->event, READER_PAD), 0, READER_PAD);
	k->key.n = k->id.n = 0;
	if (scan_object(k->scan, buf_all(&k->event)) == 0) {
		(void)(text_of(k, "userId", &k->key) ||
		       text_of(k, "anonymousId", &k->key) ||
		       text_of(k, "recordId", &k->key));
		if (text_of(k, "messageId", &k->id))
			rd_kafka_header_add(headers, "messageId", -1, k->id.p,
					    (ssize_t)k->id.n);
	}
	if (k->key.n > 0) {
		v[COUNT_OF(v) - 1].u.mem.ptr = k->key.p;
		v[COUNT_OF(v) - 1].u.mem.size = k->key.n;
	}
	error = rd_kafka_produceva(k->rk, v, COUNT_OF(v));
	if (error) {
		err = rd_kafka_error_code(error);
		rd_kafka_error_destroy(error);
	}
	if (err)
		rd_kafka_headers_destroy(headers);
	return err;
}

static void reserve(struct flight *f, size_t n)
{
	f->n = f->open = n;
	if (n <= f->size)
		return;
	f->size = n;
	f->item = mem_resize(f->item, n * sizeof(*f->item));
	f->mark = mem_resize(f->mark, n * sizeof(*f->mark));
}

static void kafka_start(void *d, struct dest_job *job)
{
	struct kafka *k = d;
	struct flight *f = &k->flight[job->lane];
	size_t n = job->to - job->from;

	reserve(f, n);
	f->job = job;
	for (size_t i = 0; i < n; i++) {
		struct slice event = batch_text(
			job->batch, job->batch->item[job->from + i].event);
		rd_kafka_resp_err_t err;

		f->mark[i].flight = f;
		f->item[i] = (struct dest_item){.class = REPLY_UNKNOWN};
		err = produce(k, event, &f->mark[i]);
		if (!err)
			continue;
		f->item[i].class = err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE
					   ? REPLY_REFUSED
					   : REPLY_LATER;
		f->item[i].why = rd_kafka_err2str(err);
		f->open--;
	}
	if (f->open == 0)
		finish(k, f);
}

static int kafka_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		      struct err *e)
{
	struct kafka *k = d;
	struct pollfd all[FDS + 1];
	char drain[64];

	rd_kafka_poll(k->rk, 0);
	for (unsigned i = 0; i < n && i < FDS; i++)
		all[i] = fds[i];
	all[n] = (struct pollfd){.fd = k->wake[0], .events = POLLIN};
	if (dest_poll(all, n + 1, k->done.first ? 0 : timeout_ms, e) < 0)
		return -1;
	for (unsigned i = 0; i < n && i < FDS; i++)
		fds[i].revents = all[i].revents;
	while (read(k->wake[0], drain, sizeof(drain)) > 0)
		;
	rd_kafka_poll(k->rk, 0);
	if (k->fatal[0])
		return err_set(e, ERR_PROTOCOL, "kafka: %s", k->fatal);
	return 0;
}

static int kafka_check(void *d, uint64_t timeout_ms, struct err *e)
{
	struct kafka *k = d;
	const struct rd_kafka_metadata *m = NULL;
	rd_kafka_resp_err_t err =
		rd_kafka_metadata(k->rk, 0, k->topic, &m, (int)timeout_ms);

	if (!err && m->topic_cnt == 1)
		err = m->topics[0].err;
	if (m)
		rd_kafka_metadata_destroy(m);
	if (err)
		return err_set(e, ERR_REFUSED, "kafka: %s",
			       rd_kafka_err2str(err));
	return 0;
}

static struct dest_job *kafka_done(void *d)
{
	struct kafka *k = d;

	return dest_pop(&k->done);
}

static void kafka_abort(void *d, struct dest_job *job)
{
	struct kafka *k = d;
	struct flight *f = &k->flight[job->lane];

	if (f->job == job) { /* what is known of each event counts */
		rd_kafka_flush(k->rk, LEAVE_MS);
		k->done.first = NULL; /* all lanes are asked one by one */
	}
	f->job = NULL;
	job->item = f->item;
	job->reply = (struct reply){
		.class = REPLY_EACH,
		.sent = 1,
		.reason = "the run was stopped before the answer came",
	};
}

static void kafka_close(void *d)
{
	struct kafka *k = d;

	if (!k)
		return;
	if (k->rk) {
		rd_kafka_purge(k->rk, RD_KAFKA_PURGE_F_QUEUE |
					      RD_KAFKA_PURGE_F_INFLIGHT);
		rd_kafka_flush(k->rk, LEAVE_MS);
	}
	if (k->queue)
		rd_kafka_queue_destroy(k->queue);
	if (k->topic)
		rd_kafka_topic_destroy(k->topic);
	if (k->rk)
		rd_kafka_destroy(k->rk);
	for (unsigned i = 0; i < k->flights; i++) {
		free(k->flight[i].item);
		free(k->flight[i].mark);
	}
	free(k->flight);
	for (int i = 0; i < 2; i++) {
		if (k->wake[i] >= 0)
			close(k->wake[i]);
	}
	scan_free(k->scan);
	buf_clear(&k->event);
	buf_clear(&k->key);
	buf_clear(&k->id);
	free(k);
}

#else

static int kafka_open(void **d, const struct dest_options *o, struct err *e)
{
	(void)d;
	(void)o;
	return err_set(e, ERR_CONFIG,
		       "built without librdkafka; install librdkafka-dev and "
		       "build again");
}

static int kafka_check(void *d, uint64_t timeout_ms, struct err *e)
{
	(void)d;
	(void)timeout_ms;
	return err_set(e, ERR_CONFIG, "built without librdkafka");
}

static void kafka_start(void *d, struct dest_job *job)
{
	(void)d;
	(void)job;
}

static int kafka_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		      struct err *e)
{
	(void)d;
	return dest_poll(fds, n, timeout_ms, e);
}

static struct dest_job *kafka_done(void *d)
{
	(void)d;
	return NULL;
}

static void kafka_abort(void *d, struct dest_job *job)
{
	(void)d;
	(void)job;
}

static void kafka_close(void *d)
{
	(void)d;
}

#endif

const struct dest dest_kafka = {
	.scheme = "kafka",
	.help = "//broker:port,.../topic",
	.frame = {"", "\n", "\n"},
	.connections = 4,
	.batch = 1000,
	.batch_bytes = 1024 * 1024,
	.max_bytes = 64 * 1024 * 1024,
	.checked = "a broker answers, and knows the topic; whether it may be "
		   "written to, only events can tell",
	.open = kafka_open,
	.check = kafka_check,
	.start = kafka_start,
	.wait = kafka_wait,
	.done = kafka_done,
	.abort = kafka_abort,
	.close = kafka_close,
};
