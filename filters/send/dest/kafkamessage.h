/* kafkamessage.h - an event as a message of Kafka: its key and its header.
 *
 * Floor 2 (send). Only there when built with librdkafka.
 */
#ifndef SEND_DEST_KAFKAMESSAGE_H
#define SEND_DEST_KAFKAMESSAGE_H

#include "core/buf.h"
#include "wire/json/scan.h"

struct kafkamessage {
	struct scan *scan;
	struct buf event;
	struct buf key; /* userId, else anonymousId, else recordId; or empty */
	struct buf id;  /* messageId; or empty */
};

/* key and id of an event, decoded. */
void kafkamessage_read(struct kafkamessage *m, struct slice event);

/* Produce it to an rd_kafka_topic_t of an rd_kafka_t; the code of librdkafka,
 * 0 when it will be reported, with opaque.
 */
int kafkamessage_produce(struct kafkamessage *m, void *rk, void *topic,
			 struct slice event, void *opaque) MUST_USE;

/* It as a JSON object, at the end of b. */
void kafkamessage_show(struct kafkamessage *m, struct slice event,
		       struct buf *b);

void kafkamessage_clear(struct kafkamessage *m);

#endif
