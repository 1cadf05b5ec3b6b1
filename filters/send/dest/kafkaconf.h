/* kafkaconf.h - the settings of a Kafka producer.
 *
 * Floor 2 (send). Without librdkafka only the options exist.
 */
#ifndef SEND_DEST_KAFKACONF_H
#define SEND_DEST_KAFKACONF_H

#include "send/dest/dest.h"

/* The values of the options of kafka:. */
struct kafkaconf_settings {
	const char *config_file; /* settings of librdkafka; NULL: none */
	const char *key; /* a field or jq program that gives the message's key;
			  * or NULL */
	struct opt_list header; /* NAME=FIELD */
	bool tombstones; /* a message without value follows each delete */
};

/* The options. */
extern const struct dest_group kafkaconf_group;

/* Splits "//brokers/topic". *brokers must be freed; *topic points into url.
 * ERR_USAGE.
 */
int kafkaconf_split(const char *url, char **brokers, const char **topic,
		    struct err *e) MUST_USE;

/* Puts our settings into an rd_kafka_conf_t, and then those of the file of
 * --config: lines name=value, with the names of librdkafka's documentation.
 * most is the topic's max.message.bytes; 0: not known. ERR_CONFIG; also fails
 * like file_private and file_read.
 */
int kafkaconf_fill(void *conf, const struct dest_options *o,
		   const char *brokers, uint64_t most, struct err *e) MUST_USE;

#endif
