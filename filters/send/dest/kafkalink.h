/* kafkalink.h - a Kafka producer: its brokers, its topic, and its last error.
 *
 * Floor 2 (send). Only there when built with librdkafka, whose callbacks come
 * from kafkalink_serve and _check alone.
 */
#ifndef SEND_DEST_KAFKALINK_H
#define SEND_DEST_KAFKALINK_H

#include "send/dest/dest.h"
#include "send/dest/kafkatopic.h"

enum { KAFKALINK_WHY_BYTES = 512 };

/* What came of one message, by the opaque that it was produced with. why lives
 * as long as the link, but changes; NULL: nothing to say.
 */
typedef void kafkalink_report_fn(void *ctx, void *opaque,
				 enum reply_class class, const char *why);

struct kafkalink {
	struct dest_options o;
	char *brokers;
	const char *name;      /* of the topic */
	struct rd_kafka_s *rk; /* NULL: none, see stop */
	struct rd_kafka_topic_s *topic;
	struct rd_kafka_queue_s *queue;
	int wake[2]; /* [0] is readable when there is something to serve */
	kafkalink_report_fn *report;
	void *ctx;
	struct kafkatopic bound;
	bool asked, absent; /* the topic was asked about; no broker replied */
	bool took;          /* a broker has accepted at least one message */
	bool down;          /* no broker answers */
	bool left;          /* kafkalink_leave was called */
	struct err stop;    /* why no event can be delivered; else kind 0 */
	char trouble[KAFKALINK_WHY_BYTES]; /* what a broker last said, or "" */
};

/* With o->dry nothing is started. ERR_CONFIG and as kafkaconf. Close it also
 * after a failure.
 */
int kafkalink_open(struct kafkalink *l, const struct dest_options *o,
		   kafkalink_report_fn *report, void *ctx,
		   struct err *e) MUST_USE;

/* Whether messages may be produced: before that it is asked how long a batch
 * may be, and another producer made where the usual length is wrong. True also
 * with stop set, or absent: then none will get through.
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
