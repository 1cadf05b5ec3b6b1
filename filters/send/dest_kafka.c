#include "send/dest_kafka.h"

#ifdef WITH_KAFKA
#include <errno.h>
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/tool.h"
#include "send/kafkaconf.h"
#include "send/kafkamessage.h"
#include "send/kafkatopic.h"
#include "wire/json.h"

enum {
	WHY_BYTES = 512,
	LEAVE_MS = 2000, /* for what is in flight at an abort */
	CHECK_MS = 200,  /* between two looks at why nobody answers */
	FDS = 4,
};

/* What librdkafka makes of events by itself, whatever the topic takes. */
#define USUAL_BYTES ((uint64_t)1000000)

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
	struct dest_options o;
	char *brokers;
	const char *name; /* of the topic */
	rd_kafka_t *rk;
	rd_kafka_topic_t *topic;
	rd_kafka_queue_t *queue;
	int wake[2]; /* readable when reports wait */
	struct flight *flight;
	unsigned flights;
	struct dest_list done;
	struct dest_list held; /* until the topic's bound is known */
	struct kafkatopic bound;
	bool asked, took;        /* one message at least */
	bool leaves;             /* what is in flight had its time */
	struct err stop;         /* why no event will get through */
	bool down;               /* no broker answers */
	char trouble[WHY_BYTES]; /* what was last said of a broker */
	struct kafkamessage message;
};

/* ---- delivery reports -------------------------------------------------- */

static enum reply_class class_of(const struct kafka *k,
				 const rd_kafka_message_t *m)
{
	switch (m->err) {
	case RD_KAFKA_RESP_ERR_NO_ERROR:
		return REPLY_TAKEN;
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
		return k->bound.most > 0 ? REPLY_REFUSED : REPLY_LATER;
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

static const char *why_of(const struct kafka *k, const rd_kafka_message_t *m)
{
	switch (m->err) {
	case RD_KAFKA_RESP_ERR_NO_ERROR:
		return NULL;
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
		return k->bound.most > 0
			       ? "longer than the topic's max.message.bytes"
			       : "the batch is longer than the topic's "
				 "max.message.bytes, which we may not read: "
				 "give batch.size=BYTES by --config";
	case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
		return k->trouble[0] ? k->trouble : rd_kafka_err2str(m->err);
	case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
	case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
		return k->stop.kind ? k->stop.text : NULL;
	default:
		return rd_kafka_err2str(m->err);
	}
}

static void finish(struct kafka *k, struct flight *f)
{
	f->job->reply = (struct reply){
		.class = REPLY_EACH,
		.delivered = true,
		.sent = 1,
		.err = k->stop,
	};
	f->job->item = f->item;
	dest_push(&k->done, f->job);
	f->job = NULL;
}

/* Those that have not left come back. */
static void give_back(struct kafka *k)
{
	rd_kafka_purge(k->rk,
		       RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_NON_BLOCKING);
}

/* Whether it lies in the topic or in us: then no event will get through. */
static void stop(struct kafka *k, int code)
{
	size_t n;

	if (k->stop.kind || !kafkatopic_is_fatal(code, k->name, &k->stop))
		return;
	n = strlen(k->stop.text);
	if (k->trouble[0])
		snprintf(k->stop.text + n, sizeof(k->stop.text) - n,
			 " (%.300s)", k->trouble);
	give_back(k);
}

static void on_report(rd_kafka_t *rk, const rd_kafka_message_t *m, void *ctx)
{
	struct mark *mark = m->_private;
	struct flight *f = mark->flight;
	struct kafka *k = ctx;
	size_t i = (size_t)(mark - f->mark);

	(void)rk;
	if (m->err)
		stop(k, m->err);
	else
		k->took = true, k->down = false;
	f->item[i].class = class_of(k, m);
	f->item[i].why = why_of(k, m);
	if (--f->open == 0 && f->job)
		finish(k, f);
}

/* Its words but for when it was ("(after 0ms in state CONNECT)"). */
static void keep_trouble(struct kafka *k, const char *reason)
{
	const char *when = strstr(reason, " (after ");
	size_t n = when ? (size_t)(when - reason) : strlen(reason);

	snprintf(k->trouble, sizeof(k->trouble), "%.*s", (int)n, reason);
}

/* Of trouble with a broker librdkafka takes care itself, but where it lies in
 * what we are: then no time mends it.
 */
static void on_error(rd_kafka_t *rk, int code, const char *reason, void *ctx)
{
	struct kafka *k = ctx;
	char fatal[WHY_BYTES];

	tool_debug("kafka: %s", reason);
	if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
		k->down = true;
		return;
	}
	keep_trouble(k, reason);
	if (code == RD_KAFKA_RESP_ERR__FATAL) {
		code = rd_kafka_fatal_error(rk, fatal, sizeof(fatal));
		stop(k, code);
		if (!k->stop.kind)
			err_set(&k->stop, ERR_PROTOCOL, "kafka: %s", fatal);
		give_back(k);
	} else if (!k->took) {
		stop(k, code);
	}
}

static void on_log(const rd_kafka_t *rk, int level, const char *what,
		   const char *text)
{
	(void)rk;
	(void)level;
	tool_debug("kafka: %s: %s", what, text);
}

/* ---- opening ----------------------------------------------------------- */

static rd_kafka_conf_t *settings(struct kafka *k, struct err *e)
{
	rd_kafka_conf_t *c = rd_kafka_conf_new();

	rd_kafka_conf_set_opaque(c, k);
	rd_kafka_conf_set_dr_msg_cb(c, on_report);
	rd_kafka_conf_set_error_cb(c, on_error);
	rd_kafka_conf_set_log_cb(c, on_log);
	if (kafkaconf_fill(c, &k->o, k->brokers, k->bound.most, e) == 0)
		return c;
	rd_kafka_conf_destroy(c);
	return NULL;
}

static void drop_producer(struct kafka *k)
{
	kafkatopic_clear(&k->bound);
	if (k->queue)
		rd_kafka_queue_destroy(k->queue);
	if (k->topic)
		rd_kafka_topic_destroy(k->topic);
	if (k->rk)
		rd_kafka_destroy(k->rk);
	k->queue = NULL;
	k->topic = NULL;
	k->rk = NULL;
}

static int make_producer(struct kafka *k, struct err *e)
{
	rd_kafka_conf_t *c = settings(k, e);
	char why[WHY_BYTES];

	if (!c)
		return -1;
	k->rk = rd_kafka_new(RD_KAFKA_PRODUCER, c, why, sizeof(why));
	if (!k->rk) {
		rd_kafka_conf_destroy(c);
		return err_set(e, ERR_CONFIG, "kafka: %s", why);
	}
	rd_kafka_set_log_queue(k->rk, NULL); /* to be said by our thread */
	k->topic = rd_kafka_topic_new(k->rk, k->name, NULL);
	if (!k->topic)
		return err_set(e, ERR_CONFIG, "kafka: topic '%s': %s", k->name,
			       rd_kafka_err2str(rd_kafka_last_error()));
	k->queue = rd_kafka_queue_get_main(k->rk);
	rd_kafka_queue_io_event_enable(k->queue, k->wake[1], "1", 1);
	return 0;
}

/* Nothing is started that would look for a broker. */
static int try_settings(struct kafka *k, struct err *e)
{
	rd_kafka_conf_t *c = settings(k, e);

	if (!c)
		return -1;
	rd_kafka_conf_destroy(c);
	return 0;
}

static int kafka_open(void **d, const struct dest_options *o, struct err *e)
{
	struct kafka *k = mem_zero(sizeof(*k));

	*d = k;
	k->o = *o;
	k->wake[0] = k->wake[1] = -1;
	if (kafkaconf_split(o->url, &k->brokers, &k->name, e) < 0)
		return -1;
	if (pipe2(k->wake, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_sys(e, ERR_OS, "kafka: cannot make a pipe");
	k->flights = o->connections;
	k->flight = mem_zero(k->flights * sizeof(*k->flight));
	return o->dry ? try_settings(k, e) : make_producer(k, e);
}

static void kafka_show(void *d, struct dest_job *job, bool as_curl,
		       struct buf *b)
{
	struct kafka *k = d;

	(void)as_curl;
	buf_str(b, "\"brokers\":");
	json_lossy(b, slice_str(k->brokers), SIZE_MAX);
	buf_str(b, ",\"topic\":");
	json_lossy(b, slice_str(k->name), SIZE_MAX);
	for (size_t i = job->from; i < job->to; i++) {
		struct slice event =
			batch_text(job->batch, job->batch->item[i].event);

		buf_str(b, i == job->from ? ",\"messages\":[" : ",");
		kafkamessage_show(&k->message, event, b);
	}
	buf_char(b, ']');
}

/* ---- sending ----------------------------------------------------------- */

static void reserve(struct flight *f, size_t n)
{
	f->n = f->open = n;
	if (n <= f->size)
		return;
	f->size = n;
	f->item = mem_resize(f->item, n * sizeof(*f->item));
	f->mark = mem_resize(f->mark, n * sizeof(*f->mark));
}

static void send_job(struct kafka *k, struct dest_job *job)
{
	struct flight *f = &k->flight[job->lane];

	for (size_t i = 0; i < f->n; i++) {
		struct slice event = batch_text(
			job->batch, job->batch->item[job->from + i].event);
		rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR__FATAL;

		f->item[i] = (struct dest_item){.class = REPLY_UNKNOWN};
		if (k->rk)
			err = kafkamessage_produce(&k->message, k->rk, k->topic,
						   event, &f->mark[i]);
		if (!err)
			continue;
		stop(k, err);
		f->item[i].class = err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE
					   ? REPLY_REFUSED
					   : REPLY_LATER;
		f->item[i].why = rd_kafka_err2str(err);
		f->open--;
	}
	if (f->open == 0)
		finish(k, f);
}

/* Nobody was there all the time, or not for us. */
static void fail_job(struct kafka *k, struct dest_job *job)
{
	struct flight *f = &k->flight[job->lane];

	for (size_t i = 0; i < f->n; i++)
		f->item[i].why = k->trouble;
	finish(k, f);
}

/* Nothing is produced before it is known, or cannot be known, how long a batch
 * may be.
 */
static void kafka_start(void *d, struct dest_job *job)
{
	struct kafka *k = d;
	struct flight *f = &k->flight[job->lane];

	reserve(f, job->to - job->from);
	f->job = job;
	for (size_t i = 0; i < f->n; i++) {
		f->mark[i].flight = f;
		f->item[i] = (struct dest_item){.class = REPLY_LATER};
	}
	if (!k->asked)
		kafkatopic_ask(&k->bound, k->rk, k->name, k->wake[1],
			       k->o.retry_total_ms);
	k->asked = true;
	if (k->bound.queue)
		dest_push(&k->held, job);
	else
		send_job(k, job);
}

/* The producer cannot be told later: where the bound is not what it thinks,
 * another takes its place.
 */
static void send_held(struct kafka *k)
{
	struct dest_job *job;

	if (!k->stop.kind && !kafkatopic_answered(&k->bound, !k->down))
		return;
	if (k->bound.most > 0 &&
	    (k->bound.most < USUAL_BYTES || k->bound.most > USUAL_BYTES * 2)) {
		drop_producer(k);
		if (make_producer(k, &k->stop) < 0)
			tool_debug("%s", k->stop.text);
	}
	k->down &= !k->bound.reached;
	while ((job = dest_pop(&k->held)) != NULL) {
		if (k->down || k->stop.kind)
			fail_job(k, job);
		else
			send_job(k, job);
	}
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
	if (k->held.first)
		send_held(k);
	return 0;
}

/* The question is asked again and again, so that what is wrong is told as soon
 * as it is known.
 */
static rd_kafka_resp_err_t ask(struct kafka *k, uint64_t timeout_ms)
{
	uint64_t until_ms = clock_mono_ms() + timeout_ms;
	rd_kafka_resp_err_t err;

	do {
		const struct rd_kafka_metadata *m = NULL;

		err = rd_kafka_metadata(k->rk, 0, k->topic, &m, CHECK_MS);
		if (!err && m->topic_cnt == 1)
			err = m->topics[0].err;
		if (m)
			rd_kafka_metadata_destroy(m);
		rd_kafka_poll(k->rk, 0);
	} while ((err == RD_KAFKA_RESP_ERR__TRANSPORT ||
		  err == RD_KAFKA_RESP_ERR__TIMED_OUT) &&
		 !k->down && !k->stop.kind && clock_mono_ms() < until_ms);
	return err;
}

static int kafka_check(void *d, uint64_t timeout_ms, struct err *e)
{
	struct kafka *k = d;
	rd_kafka_resp_err_t err = ask(k, timeout_ms);

	if (!err)
		return 0;
	if (k->stop.kind) {
		*e = k->stop;
		return -1;
	}
	if (kafkatopic_is_fatal(err, k->name, e))
		return -1;
	return err_set(e, ERR_REFUSED, "kafka: %.300s",
		       k->trouble[0] ? k->trouble : rd_kafka_err2str(err));
}

static struct dest_job *kafka_done(void *d)
{
	struct kafka *k = d;

	return dest_pop(&k->done);
}

/* What is known of each event counts: what came back, and whether one that did
 * not had left us.
 */
static void leave(struct kafka *k)
{
	if (k->leaves || !k->rk)
		return;
	k->leaves = true;
	rd_kafka_flush(k->rk, LEAVE_MS);
	rd_kafka_purge(k->rk,
		       RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_flush(k->rk, LEAVE_MS);
	k->done.first = k->held.first = NULL; /* all lanes are asked */
}

static void kafka_abort(void *d, struct dest_job *job)
{
	struct kafka *k = d;
	struct flight *f = &k->flight[job->lane];

	leave(k);
	f->job = NULL;
	job->item = f->item;
	job->reply = (struct reply){
		.class = REPLY_EACH,
		.sent = 1,
		.reason = "the run was stopped before the answer came",
	};
}

static const char *kafka_trouble(void *d)
{
	const struct kafka *k = d;

	return k->down && k->trouble[0] ? k->trouble : NULL;
}

static void kafka_close(void *d)
{
	struct kafka *k = d;

	if (!k)
		return;
	leave(k);
	drop_producer(k);
	for (unsigned i = 0; i < k->flights; i++) {
		free(k->flight[i].item);
		free(k->flight[i].mark);
	}
	free(k->flight);
	for (int i = 0; i < 2; i++) {
		if (k->wake[i] >= 0)
			close(k->wake[i]);
	}
	kafkamessage_clear(&k->message);
	free(k->brokers);
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

static const char *kafka_trouble(void *d)
{
	(void)d;
	return NULL;
}

static void kafka_show(void *d, struct dest_job *job, bool as_curl,
		       struct buf *b)
{
	(void)d;
	(void)job;
	(void)as_curl;
	(void)b;
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
	.show = kafka_show,
	.start = kafka_start,
	.wait = kafka_wait,
	.done = kafka_done,
	.abort = kafka_abort,
	.trouble = kafka_trouble,
	.close = kafka_close,
};
