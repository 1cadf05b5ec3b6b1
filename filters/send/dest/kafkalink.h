/* kafkalink.h - a Kafka producer: its brokers, its topic, and its last error.
 *
 * Floor 2 (send). Needs librdkafka, which calls back only from kafkalink_serve
 * and kafkalink_check.
 */
#ifndef SEND_DEST_KAFKALINK_H
#define SEND_DEST_KAFKALINK_H

#include "send/dest/dest.h"
#include "send/dest/kafkatopic.h"

enum { KAFKALINK_WHY_BYTES = 512 };

/* Reports the outcome of one message, identified by the opaque that it was
 * produced with. why lives as long as the link, but changes; NULL: no reason.
 */
typedef void kafkalink_report_fn(void *ctx, void *opaque,
				 enum reply_class class, const char *why);

struct kafkalink {
	struct dest_options o;
	char *brokers;
	const char *name;      /* name of the topic */
	struct rd_kafka_s *rk; /* the producer; NULL: none, see stop */
	struct rd_kafka_topic_s *topic;
	struct rd_kafka_queue_s *queue;
	int wake[2]; /* [0] is readable when there is something to serve */
	kafkalink_report_fn *report;
	void *ctx;
	struct kafkatopic bound;
	bool asked, absent; /* asked: the brokers were asked about the topic;
			     * absent: none replied */
	bool took;          /* a broker has accepted at least one message */
	bool down;          /* no broker answers */
	bool left;          /* kafkalink_leave was called */
	struct err stop;    /* why no event can be delivered; otherwise kind is
			     * 0 */
	char trouble[KAFKALINK_WHY_BYTES]; /* last error of a broker, or "" */
};

/* Starts the producer, but nothing with o->dry. ERR_CONFIG; also fails like
 * kafkaconf_fill. Close it also after a failure.
 */
int kafkalink_open(struct kafkalink *l, const struct dest_options *o,
		   kafkalink_report_fn *report, void *ctx,
		   struct err *e) MUST_USE;

/* Whether messages may be produced: not before the topic's limit for a batch is
 * known, which may need another producer. True also if stop is set or no broker
 * replied: then no message is delivered.
 */
bool kafkalink_ready(struct kafkalink *l);

/* Handles pending reports, errors and log lines. */
void kafkalink_serve(struct kafkalink *l);

/* Sets l->stop if this error code of librdkafka means that no event can be
 * delivered.
 */
void kafkalink_judge(struct kafkalink *l, int code);

/* Whether a broker answers and knows the topic. */
int kafkalink_check(struct kafkalink *l, uint64_t timeout_ms,
		    struct err *e) MUST_USE;

/* Gives messages in flight some time, then purges the rest, so that all
 * messages are reported. Further calls do nothing.
 */
void kafkalink_leave(struct kafkalink *l);

void kafkalink_close(struct kafkalink *l);

#endif
