/* dest_kafka.h - a Kafka topic, by librdkafka's idempotent producer.
 *
 * Floor 2 (send). kafka://broker:9092,broker2:9092/topic. The key of a message
 * is the event's userId, else anonymousId, else recordId, so that a user's
 * events stay in one partition and in order; its value is the event byte for
 * byte; the header messageId has the event's. Receipts follow the delivery
 * reports, event by event: "delivered" when all replicas in sync have it.
 * librdkafka repeats what fails by itself, without duplicates.
 */
#ifndef SEND_DEST_DEST_KAFKA_H
#define SEND_DEST_DEST_KAFKA_H

#include "send/dest/dest.h"

extern const struct dest dest_kafka;

#endif
