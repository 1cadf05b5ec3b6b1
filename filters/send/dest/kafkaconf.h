/* kafkaconf.h - the settings of a Kafka producer.
 *
 * Floor 2 (send). But for the options, only there when built with librdkafka.
 */
#ifndef SEND_DEST_KAFKACONF_H
#define SEND_DEST_KAFKACONF_H

#include "send/dest/dest.h"

/* What the options of kafka: say. */
struct kafkaconf_settings {
	const char *config_file; /* settings of librdkafka; NULL: none */
	const char *key; /* of a message: a field or a jq program; NULL */
	struct opt_list header; /* NAME=FIELD */
	bool tombstones;        /* after deletes */
};

/* These options. */
extern const struct dest_group kafkaconf_group;

/* "//brokers/topic" taken apart: *brokers is the caller's to free, *topic
 * stands in url. ERR_USAGE.
 */
int kafkaconf_split(const char *url, char **brokers, const char **topic,
		    struct err *e) MUST_USE;

/* Our settings into an rd_kafka_conf_t, then those of the file of --config:
 * lines of name=value, as librdkafka's documentation names them. most: bytes
 * that the topic takes of a batch; 0: not known. ERR_CONFIG, and as
 * file_private and file_read.
 */
int kafkaconf_fill(void *conf, const struct dest_options *o,
		   const char *brokers, uint64_t most, struct err *e) MUST_USE;

#endif
