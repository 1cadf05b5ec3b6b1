/* kafkamessage.h - an event as a message of Kafka: its key and its headers.
 *
 * Floor 2 (send). Only there when built with librdkafka. The key is the value
 * of
 * --key, or else userId, anonymousId, recordId, or source.key of a change in
 * Debezium's form, whichever comes first. The header messageId has the event's,
 * or source.change.
 */
#ifndef SEND_DEST_KAFKAMESSAGE_H
#define SEND_DEST_KAFKAMESSAGE_H

#include "core/buf.h"
#include "send/dest/kafkaconf.h"
#include "send/dest/url_template.h"
#include "wire/json/scan.h"

/* Why an event is refused. */
#define KAFKAMESSAGE_NO_KEY "the event has no value for --key"

struct body;

struct kafkamessage {
	const struct kafkaconf_settings *asked;
	struct body *program; /* of the key; NULL: a field, or the usual one */
	struct scan *scan;
	struct buf event;
	struct url_template values; /* of the event */
	struct buf key;             /* decoded, as is id; either may be empty */
	struct buf id;
	struct buf made; /* by the program */
	bool deletes;    /* the event is a delete: action, or op of Debezium */
};

/* ERR_USAGE, and as body_open. Clear it also after a failure. */
int kafkamessage_open(struct kafkamessage *m,
		      const struct kafkaconf_settings *asked,
		      struct err *e) MUST_USE;

/* An event for the next calls: 1, or 0 where --key has no value for it. -1:
 * ERR_OS, the program of the key ended.
 */
int kafkamessage_read(struct kafkamessage *m, struct slice event,
		      struct err *e) MUST_USE;

/* Whether a message of the same key and no value follows what was read. */
bool kafkamessage_has_tombstone(const struct kafkamessage *m);

/* Produce what was read to an rd_kafka_topic_t of an rd_kafka_t, with that
 * value, whose p is NULL for a tombstone; the code of librdkafka, 0 when it
 * will be reported, with opaque.
 */
int kafkamessage_produce(struct kafkamessage *m, void *rk, void *topic,
			 struct slice value, void *opaque) MUST_USE;

/* What was read as JSON objects, and its tombstone, at the end of b. */
void kafkamessage_show(struct kafkamessage *m, struct slice event,
		       struct buf *b);

void kafkamessage_clear(struct kafkamessage *m);

#endif
