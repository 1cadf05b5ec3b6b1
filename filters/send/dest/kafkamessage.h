/* kafkamessage.h - makes an event into a Kafka message with a key and headers.
 *
 * Floor 2 (send). Needs librdkafka. The key is the value of --key, or otherwise
 * the first of userId, anonymousId and recordId that the event has, or
 * source.key of a change in Debezium's format. The header messageId is the
 * event's messageId, or source.change.
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
	struct body *program; /* makes the key; NULL: a field, or the default
			       * key */
	struct scan *scan;
	struct buf event;
	struct url_template values; /* finds values of the event */
	struct buf key;             /* decoded, as is id; both may be empty */
	struct buf id;
	struct buf made; /* output of the program */
	bool deletes;    /* the event is a delete, by its action or Debezium's
			  * op */
};

/* ERR_USAGE; also fails like body_open. Call kafkamessage_clear also after a
 * failure.
 */
int kafkamessage_open(struct kafkamessage *m,
		      const struct kafkaconf_settings *asked,
		      struct err *e) MUST_USE;

/* Reads an event for the next calls. Returns 1; 0 if --key has no value for it;
 * -1 with ERR_OS if the program of the key has ended.
 */
int kafkamessage_read(struct kafkamessage *m, struct slice event,
		      struct err *e) MUST_USE;

/* Whether a message with the same key and no value must follow this event. */
bool kafkamessage_has_tombstone(const struct kafkamessage *m);

/* Sends the event that was read to an rd_kafka_topic_t of an rd_kafka_t, with
 * that value (its p is NULL for a tombstone). Returns the error code of
 * librdkafka; after 0 the outcome is reported later, with opaque.
 */
int kafkamessage_produce(struct kafkamessage *m, void *rk, void *topic,
			 struct slice value, void *opaque) MUST_USE;

/* Appends the message as a JSON object, and its tombstone as another. */
void kafkamessage_show(struct kafkamessage *m, struct slice event,
		       struct buf *b);

void kafkamessage_clear(struct kafkamessage *m);

#endif
