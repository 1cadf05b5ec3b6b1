#include "send/dest/kafkalink.h"

#ifdef WITH_KAFKA
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/library.h"
#include "core/mem.h"
#include "core/tool.h"
#include "send/dest/kafkaconf.h"

enum {
	LEAVE_MS = 2000, /* for messages in flight at the end */
	CHECK_MS = 200,  /* time between two checks why no broker replies */
	OTHER_MS = 1000, /* for other addresses of brokers that refused */
};

/* The usual limit of librdkafka for a batch, in bytes. */
#define USUAL_BYTES ((uint64_t)1000000)

/* ---- callbacks of librdkafka ------------------------------------------ */

static enum reply_class class_of(const struct kafkalink *l,
				 const rd_kafka_message_t *m)
{
	if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR)
		return REPLY_TAKEN;
	/* an earlier try of librdkafka may have reached the broker, whatever
	 * the outcome of the last one
	 */
	if (rd_kafka_message_status(m) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED)
		return REPLY_UNKNOWN;
	switch (m->err) {
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
		return l->bound.most > 0 ? REPLY_REFUSED : REPLY_LATER;
	case RD_KAFKA_RESP_ERR_INVALID_MSG:
	case RD_KAFKA_RESP_ERR_INVALID_RECORD:
		return REPLY_REFUSED;
	default:
		return REPLY_LATER;
	}
}

static const char *why_of(const struct kafkalink *l,
			  const rd_kafka_message_t *m)
{
	switch (m->err) {
	case RD_KAFKA_RESP_ERR_NO_ERROR:
		return NULL;
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
		return l->bound.most > 0
			       ? "longer than the topic's max.message.bytes"
			       : "the batch is longer than the topic's "
				 "max.message.bytes, which this user may not "
				 "read: set batch.size=BYTES in the file of "
				 "--config";
	case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
		return l->trouble[0] ? l->trouble : rd_kafka_err2str(m->err);
	case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
	case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
		return l->stop.kind ? l->stop.text : NULL;
	default:
		return rd_kafka_err2str(m->err);
	}
}

/* Purges the messages that have not left: librdkafka reports each as failed. */
static void give_back(struct kafkalink *l)
{
	rd_kafka_purge(l->rk,
		       RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_NON_BLOCKING);
}

/* Stops for an error that waiting cannot fix, and adds librdkafka's text to
 * l->stop.
 */
static void stop(struct kafkalink *l)
{
	size_t n = strlen(l->stop.text);

	if (l->trouble[0])
		snprintf(l->stop.text + n, sizeof(l->stop.text) - n,
			 " (%.300s)", l->trouble);
	give_back(l);
}

void kafkalink_judge(struct kafkalink *l, int code)
{
	if (l->stop.kind || !kafkatopic_is_fatal(code, l->name, &l->stop))
		return;
	stop(l);
}

/* Whether the error is about an OAuth token, so that no broker was reached. A
 * token server that does not reply may do so later; librdkafka tries again.
 */
static bool is_about_token(struct kafkalink *l, const char *reason)
{
	static const char *const later[] = {"connect to ", "resolve",
					    "timed out", "HTTP 5"};

	if (!strstr(reason, "SASL OAUTHBEARER token"))
		return false;
	for (size_t i = 0; i < COUNT_OF(later); i++) {
		if (strstr(reason, later[i]))
			return true;
	}
	if (!l->stop.kind) {
		err_set(&l->stop, ERR_DENIED,
			"kafka: no OAuth token: check the settings "
			"sasl.oauthbearer.* in the file of --config");
		stop(l);
	}
	return true;
}

static void on_report(rd_kafka_t *rk, const rd_kafka_message_t *m, void *ctx)
{
	struct kafkalink *l = ctx;

	(void)rk;
	if (m->err) {
		kafkalink_judge(l, m->err);
	} else {
		l->took = true;
		l->down = false;
	}
	l->report(l->ctx, m->_private, class_of(l, m), why_of(l, m));
}

/* Keeps of "host:9092/1: Connect to ipv4#1.2.3.4:9092 failed: Connection
 * refused (after 0ms in state CONNECT)" only the broker and the cause, because
 * a live line has little space.
 */
static void keep_trouble(struct kafkalink *l, const char *reason)
{
	const char *what = strstr(reason, ": ");
	const char *when = strstr(reason, " (after ");
	const char *failed = strstr(reason, " failed: ");
	const char *node =
		what ? memrchr(reason, '/', (size_t)(what - reason)) : NULL;
	size_t end = when ? (size_t)(when - reason) : strlen(reason);

	if (!node || (when && when < what)) {
		snprintf(l->trouble, sizeof(l->trouble), "%.*s", (int)end,
			 reason);
		return;
	}
	if (failed && strncmp(what, ": Connect to ", 13) == 0)
		what = failed + strlen(" failed");
	snprintf(l->trouble, sizeof(l->trouble), "%.*s%.*s",
		 (int)(node - reason), reason, (int)(reason + end - what),
		 what);
}

/* Called for errors. librdkafka handles trouble with a broker itself. We stop
 * only after a fatal error or if, before any message was accepted, our settings
 * or permissions are the cause, which time does not change.
 */
static void on_error(rd_kafka_t *rk, int code, const char *reason, void *ctx)
{
	struct kafkalink *l = ctx;
	char fatal[KAFKALINK_WHY_BYTES];

	tool_debug("kafka: %s", reason);
	if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
		l->down = true;
		return;
	}
	keep_trouble(l, reason);
	if (!l->took && is_about_token(l, reason))
		return;
	if (code == RD_KAFKA_RESP_ERR__FATAL) {
		code = rd_kafka_fatal_error(rk, fatal, sizeof(fatal));
		kafkalink_judge(l, code);
		if (!l->stop.kind)
			err_set(&l->stop, ERR_PROTOCOL, "kafka: %s", fatal);
		give_back(l);
	} else if (!l->took) {
		kafkalink_judge(l, code);
	}
}

static void on_log(const rd_kafka_t *rk, int level, const char *what,
		   const char *text)
{
	(void)rk;
	(void)level;
	tool_debug("kafka: %s: %s", what, text);
}

/* ---- the producer ------------------------------------------------------ */

static rd_kafka_conf_t *settings(struct kafkalink *l, struct err *e)
{
	rd_kafka_conf_t *c = rd_kafka_conf_new();

	rd_kafka_conf_set_opaque(c, l);
	rd_kafka_conf_set_dr_msg_cb(c, on_report);
	rd_kafka_conf_set_error_cb(c, on_error);
	rd_kafka_conf_set_log_cb(c, on_log);
	if (kafkaconf_fill(c, &l->o, l->brokers, l->bound.most, e) == 0)
		return c;
	rd_kafka_conf_destroy(c);
	return NULL;
}

static void drop_producer(struct kafkalink *l)
{
	kafkatopic_clear(&l->bound);
	if (l->queue)
		rd_kafka_queue_destroy(l->queue);
	if (l->topic)
		rd_kafka_topic_destroy(l->topic);
	if (l->rk)
		rd_kafka_destroy(l->rk);
	l->queue = NULL;
	l->topic = NULL;
	l->rk = NULL;
}

static int make_producer(struct kafkalink *l, struct err *e)
{
	rd_kafka_conf_t *c = settings(l, e);
	char why[KAFKALINK_WHY_BYTES];

	if (!c)
		return -1;
	l->rk = rd_kafka_new(RD_KAFKA_PRODUCER, c, why, sizeof(why));
	if (!l->rk) {
		rd_kafka_conf_destroy(c);
		return err_set(e, ERR_CONFIG, "kafka: %s", why);
	}
	rd_kafka_set_log_queue(l->rk, NULL); /* log lines are printed by our
					      * thread */
	if (!l->o.check) /* some brokers create a topic when asked for it */
		l->topic = rd_kafka_topic_new(l->rk, l->name, NULL);
	if (!l->topic && !l->o.check)
		return err_names(e, ERR_CONFIG, "kafka: topic '%s': %s",
				 l->name,
				 rd_kafka_err2str(rd_kafka_last_error()));
	l->queue = rd_kafka_queue_get_main(l->rk);
	rd_kafka_queue_io_event_enable(l->queue, l->wake[1], "1", 1);
	return 0;
}

/* Checks the settings without starting a producer, which would connect to
 * brokers.
 */
static int try_settings(struct kafkalink *l, struct err *e)
{
	rd_kafka_conf_t *c = settings(l, e);

	if (!c)
		return -1;
	rd_kafka_conf_destroy(c);
	return 0;
}

int kafkalink_open(struct kafkalink *l, const struct dest_options *o,
		   kafkalink_report_fn *report, void *ctx, struct err *e)
{
	*l = (struct kafkalink){.o = *o, .wake = {-1, -1}};
	l->report = report;
	l->ctx = ctx;
	if (kafkaconf_split(o->url, &l->brokers, &l->name, e) < 0 ||
	    library_load("rdkafka", e) < 0)
		return -1;
	if (o->dry)
		return try_settings(l, e);
	if (pipe2(l->wake, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_sys(e, ERR_OS, "kafka: cannot make a pipe");
	return make_producer(l, e);
}

/* The limit of a producer cannot be changed: if the topic's is different, a new
 * producer replaces it.
 */
static void take_bound(struct kafkalink *l)
{
	uint64_t most = l->bound.most;

	if (most == 0 || (most >= USUAL_BYTES && most <= USUAL_BYTES * 2))
		return;
	drop_producer(l);
	if (make_producer(l, &l->stop) < 0)
		tool_debug("%s", l->stop.text);
}

bool kafkalink_ready(struct kafkalink *l)
{
	if (!l->asked)
		kafkatopic_ask(&l->bound, l->rk, l->name, l->wake[1],
			       l->o.retry_total_ms);
	l->asked = true;
	if (!l->bound.queue || l->stop.kind)
		return true;
	if (!kafkatopic_answered(&l->bound, !l->down))
		return false;
	l->down &= !l->bound.reached;
	l->absent = l->down;
	take_bound(l);
	return true;
}

void kafkalink_serve(struct kafkalink *l)
{
	char drain[64];

	while (read(l->wake[0], drain, sizeof(drain)) > 0)
		;
	if (l->rk)
		rd_kafka_poll(l->rk, 0);
}

/* Looks in the list of all topics, because a request for one topic may create
 * it.
 */
static rd_kafka_resp_err_t find(const struct rd_kafka_metadata *m,
				const char *topic)
{
	for (int i = 0; i < m->topic_cnt; i++) {
		if (strcmp(m->topics[i].topic, topic) == 0)
			return m->topics[i].err;
	}
	return RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

/* Asks again and again, so that a problem is reported as soon as it is known.
 */
static rd_kafka_resp_err_t ask(struct kafkalink *l, uint64_t timeout_ms)
{
	uint64_t until_ms = clock_mono_ms() + timeout_ms;
	bool was_down = false;
	rd_kafka_resp_err_t err;

	do {
		const struct rd_kafka_metadata *m = NULL;

		err = rd_kafka_metadata(l->rk, 1, NULL, &m, CHECK_MS);
		if (!err)
			err = find(m, l->name);
		if (m)
			rd_kafka_metadata_destroy(m);
		rd_kafka_poll(l->rk, 0);
		if (l->down && !was_down &&
		    until_ms > clock_mono_ms() + OTHER_MS)
			until_ms = clock_mono_ms() + OTHER_MS;
		was_down |= l->down;
	} while ((err == RD_KAFKA_RESP_ERR__TRANSPORT ||
		  err == RD_KAFKA_RESP_ERR__TIMED_OUT) &&
		 !l->stop.kind && clock_mono_ms() < until_ms);
	return err;
}

int kafkalink_check(struct kafkalink *l, uint64_t timeout_ms, struct err *e)
{
	rd_kafka_resp_err_t err = ask(l, timeout_ms);

	if (!err)
		return 0;
	if (l->stop.kind) {
		*e = l->stop;
		return -1;
	}
	if (kafkatopic_is_fatal(err, l->name, e))
		return -1;
	return err_set(e, ERR_REFUSED, "kafka: %.300s",
		       l->trouble[0] ? l->trouble : rd_kafka_err2str(err));
}

void kafkalink_leave(struct kafkalink *l)
{
	if (l->left || !l->rk)
		return;
	l->left = true;
	rd_kafka_flush(l->rk, LEAVE_MS);
	rd_kafka_purge(l->rk,
		       RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_flush(l->rk, LEAVE_MS);
}

void kafkalink_close(struct kafkalink *l)
{
	kafkalink_leave(l);
	drop_producer(l);
	for (int i = 0; i < 2; i++) {
		if (l->wake[i] >= 0)
			close(l->wake[i]);
	}
	free(l->brokers);
}

#endif
