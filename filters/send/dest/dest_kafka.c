/* dest_kafka.c - a Kafka topic, with librdkafka's idempotent producer.
 *
 * kafka://broker:9092,broker2:9092/topic. The key of a message (kafkamessage.h)
 * keeps the events of a user or record in one partition and in order; its value
 * is the event, byte for byte. Receipts follow the delivery report of each
 * event: "delivered" when all replicas in sync have it. librdkafka repeats
 * failed messages by itself, without duplicates.
 */
#include "send/dest/dest_list.h"
#include "send/dest/kafkaconf.h"
#include "send/dest/network.h"

#ifdef WITH_KAFKA
#include <librdkafka/rdkafka.h>
#include <stdlib.h>

#include "core/mem.h"
#include "send/dest/kafkalink.h"
#include "send/dest/kafkamessage.h"
#include "wire/json/json.h"

enum { FDS = 4 };

/* The events of one job; each message's opaque points to its mark. */
struct flight {
	struct dest_job *job; /* NULL: the job was aborted */
	struct dest_item *item;
	struct mark {
		struct flight *flight;
		unsigned open; /* messages of the event without a report */
		bool reported; /* one message has its report, in came */
		struct dest_item came;
	} * mark; /* one for each item, so that its index is known */
	size_t n, size, open; /* messages without a report */
};

struct kafka {
	struct kafkalink link;
	struct kafkamessage message;
	struct flight *flight; /* one for each lane */
	unsigned flights;
	struct dest_list done;
	struct dest_list held; /* jobs that wait until the link is ready */
};

/* Ends a flight, whose items are set. sent: its messages were produced. */
static void finish(struct kafka *k, struct flight *f, bool sent)
{
	f->job->reply = (struct reply){
		.class = REPLY_EACH,
		.delivered = true,
		.sent = sent,
		.err = k->link.stop,
	};
	f->job->item = f->item;
	dest_list_push(&k->done, f->job);
	f->job = NULL;
}

/* Adds the report of a message. If only one of an event and its tombstone was
 * accepted, the outcome is unknown.
 */
static void add_report(struct mark *mark, enum reply_class class,
		       const char *why)
{
	struct flight *f = mark->flight;
	struct dest_item *came = &mark->came;

	if (!mark->reported)
		*came = (struct dest_item){class, why};
	else if (came->class != class)
		*came = (struct dest_item){REPLY_UNKNOWN,
					   why ? why : came->why};
	mark->reported = true;
	if (--mark->open == 0)
		f->item[mark - f->mark] = *came;
	f->open--;
}

/* Whether an event may have reached a broker. */
static bool left(const struct kafka *k, const struct flight *f)
{
	bool any = k->link.bound.reached;

	for (size_t i = 0; i < f->n && !any; i++)
		any = f->item[i].class != REPLY_LATER;
	return any;
}

static void on_report(void *ctx, void *opaque, enum reply_class class,
		      const char *why)
{
	struct mark *mark = opaque;
	struct flight *f = mark->flight;

	add_report(mark, class, why);
	if (f->open == 0 && f->job)
		finish(ctx, f, left(ctx, f));
}

static int kafka_open(void **d, const struct dest_options *o, struct err *e)
{
	struct kafka *k = mem_zero(sizeof(*k));

	*d = k;
	k->flights = o->connections;
	k->flight = mem_zero(k->flights * sizeof(*k->flight));
	if (kafkamessage_open(&k->message,
			      dest_option_settings(o->given, &kafkaconf_group),
			      e) < 0)
		return -1;
	return kafkalink_open(&k->link, o, on_report, k, e);
}

/* ---- sending ----------------------------------------------------------- */

static void reserve(struct flight *f, size_t n)
{
	f->n = n;
	f->open = 0;
	if (n <= f->size)
		return;
	f->size = n;
	f->item = mem_resize(f->item, n * sizeof(*f->item));
	f->mark = mem_resize(f->mark, n * sizeof(*f->mark));
}

static struct slice event_of(const struct dest_job *job, size_t i)
{
	return batch_text(job->batch, job->batch->item[job->from + i].event);
}

/* Reports an event that librdkafka refused to queue. */
static void refuse(struct kafka *k, struct mark *mark, int err)
{
	kafkalink_judge(&k->link, err);
	add_report(mark,
		   err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ? REPLY_REFUSED
							       : REPLY_LATER,
		   rd_kafka_err2str((rd_kafka_resp_err_t)err));
}

/* Reads the event into k->message. False if it has no key; its item is then
 * set.
 */
static bool read_event(struct kafka *k, struct flight *f, size_t i,
		       struct slice event)
{
	struct err e = {0};
	int rc = kafkamessage_read(&k->message, event, &e);

	if (rc > 0)
		return true;
	if (rc < 0 && k->link.stop.kind == ERR_NONE)
		k->link.stop = e;
	f->item[i] = (struct dest_item){rc < 0 ? REPLY_LATER : REPLY_REFUSED,
					rc < 0 ? k->link.stop.text
					       : KAFKAMESSAGE_NO_KEY};
	return false;
}

static void send_event(struct kafka *k, struct flight *f, size_t i,
		       struct slice event)
{
	struct mark *mark = &f->mark[i];
	struct kafkamessage *m = &k->message;
	bool two = kafkamessage_has_tombstone(m);
	int err;

	*mark = (struct mark){.flight = f, .open = 1};
	f->open++;
	err = kafkamessage_produce(m, k->link.rk, k->link.topic, event, mark);
	if (err) {
		refuse(k, mark, err);
		return;
	}
	if (!two)
		return;
	mark->open++;
	f->open++;
	err = kafkamessage_produce(m, k->link.rk, k->link.topic,
				   slice_of(NULL, 0), mark);
	if (err)
		refuse(k, mark, err);
}

static void send_job(struct kafka *k, struct dest_job *job)
{
	struct flight *f = &k->flight[job->lane];

	for (size_t i = 0; i < f->n; i++) {
		struct slice event = event_of(job, i);

		f->item[i].class = REPLY_UNKNOWN;
		if (read_event(k, f, i, event))
			send_event(k, f, i, event);
	}
	if (f->open == 0)
		finish(k, f, left(k, f));
}

/* Fails a job because no broker replied at all, or none accepts us. */
static void fail_job(struct kafka *k, struct dest_job *job)
{
	struct kafkalink *l = &k->link;
	struct flight *f = &k->flight[job->lane];

	for (size_t i = 0; i < f->n; i++)
		f->item[i].why = l->trouble[0] ? l->trouble : l->stop.text;
	finish(k, f, false);
}

static void send_held(struct kafka *k)
{
	struct dest_job *job;

	if (!k->held.first || !kafkalink_ready(&k->link))
		return;
	while ((job = dest_list_pop(&k->held)) != NULL) {
		if (k->link.absent || k->link.stop.kind)
			fail_job(k, job);
		else
			send_job(k, job);
	}
}

static void kafka_start(void *d, struct dest_job *job)
{
	struct kafka *k = d;
	struct flight *f = &k->flight[job->lane];

	reserve(f, job->to - job->from);
	f->job = job;
	for (size_t i = 0; i < f->n; i++) {
		f->item[i] = (struct dest_item){.class = REPLY_LATER};
	}
	dest_list_push(&k->held, job);
	send_held(k);
}

static void kafka_show(void *d, struct dest_job *job, bool as_curl,
		       struct buf *b)
{
	struct kafka *k = d;
	struct flight *f = &k->flight[job->lane];

	(void)as_curl;
	reserve(f, job->to - job->from);
	buf_str(b, "\"brokers\":");
	json_lossy(b, slice_str(k->link.brokers), SIZE_MAX);
	buf_str(b, ",\"topic\":");
	json_lossy(b, slice_str(k->link.name), SIZE_MAX);
	buf_str(b, ",\"messages\":[");
	for (size_t i = 0; i < f->n; i++) {
		struct slice event = event_of(job, i);

		if (!read_event(k, f, i, event))
			continue;
		f->item[i] = (struct dest_item){.class = REPLY_TAKEN};
		if (b->p[b->n - 1] != '[')
			buf_char(b, ',');
		kafkamessage_show(&k->message, event, b);
	}
	buf_char(b, ']');
	job->item = f->item;
	job->reply = (struct reply){.class = REPLY_EACH, .err = k->link.stop};
}

static int kafka_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		      struct err *e)
{
	struct kafka *k = d;
	struct pollfd all[FDS + 1];

	kafkalink_serve(&k->link);
	for (unsigned i = 0; i < n && i < FDS; i++)
		all[i] = fds[i];
	all[n] = (struct pollfd){.fd = k->link.wake[0], .events = POLLIN};
	timeout_ms = kafkatopic_wait_ms(&k->link.bound, timeout_ms);
	if (dest_list_poll(all, n + 1, k->done.first ? 0 : timeout_ms, e) < 0)
		return -1;
	for (unsigned i = 0; i < n && i < FDS; i++)
		fds[i].revents = all[i].revents;
	kafkalink_serve(&k->link);
	send_held(k);
	return 0;
}

static int kafka_check(void *d, uint64_t timeout_ms, struct err *e)
{
	struct kafka *k = d;

	return kafkalink_check(&k->link, timeout_ms, e);
}

static struct dest_job *kafka_done(void *d)
{
	struct kafka *k = d;

	return dest_list_pop(&k->done);
}

/* Gives each event its own outcome: that of its report or, without one, whether
 * it may have left.
 */
static void kafka_abort(void *d, struct dest_job *job)
{
	struct kafka *k = d;
	struct flight *f = &k->flight[job->lane];
	bool held = k->held.first != NULL; /* then all jobs are held */

	kafkalink_leave(&k->link);
	k->done.first = NULL; /* all lanes are aborted one after the other */
	f->job = NULL;
	job->item = f->item;
	job->reply = (struct reply){
		.class = REPLY_EACH,
		.sent = !held,
		.reason = "the run was stopped before the broker replied",
	};
}

static const char *kafka_trouble(void *d)
{
	const struct kafkalink *l = &((const struct kafka *)d)->link;

	return l->down && l->trouble[0] ? l->trouble : NULL;
}

static void kafka_close(void *d)
{
	struct kafka *k = d;

	if (!k)
		return;
	kafkalink_close(&k->link);
	for (unsigned i = 0; i < k->flights; i++) {
		free(k->flight[i].item);
		free(k->flight[i].mark);
	}
	free(k->flight);
	kafkamessage_clear(&k->message);
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
	return dest_list_poll(fds, n, timeout_ms, e);
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
	.known_by = DEST_BY_TOPIC,
	.frame = {"", "\n", "\n"},
	.connections = 4,
	.batch = 1000,
	.batch_bytes = 1024 * 1024,
	.max_bytes = 64 * 1024 * 1024,
	.unconfined = true, /* for Kerberos, librdkafka runs kinit */
	.checked = "a broker replied and has the topic; permission to write is "
		   "checked only when events are sent",
	.groups = {&network_group, &kafkaconf_group},
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
