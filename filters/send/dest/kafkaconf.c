#include "send/dest/kafkaconf.h"

static const struct dest_option rows[] = {
	{"config", "<file>", "settings of librdkafka", DEST_TEXT,
	 .at = offsetof(struct kafkaconf_settings, config_file)},
	{"key", "<field or jq>", "key of a message", DEST_TEXT,
	 .at = offsetof(struct kafkaconf_settings, key)},
	{"field-header", "<name>=<field>",
	 "message header with a value of the event", DEST_LIST,
	 .at = offsetof(struct kafkaconf_settings, header)},
	{"tombstones", NULL, "follow a delete by a message without a value",
	 DEST_FLAG, .at = offsetof(struct kafkaconf_settings, tombstones)},
};

const struct dest_group kafkaconf_group = {
	rows, COUNT_OF(rows), sizeof(struct kafkaconf_settings), NULL};

#ifdef WITH_KAFKA
#include <librdkafka/rdkafka.h>
#include <stdio.h>

#include "core/file.h"
#include "core/mem.h"
#include "send/dest/network.h"

enum {
	WHY_BYTES = 512,
	CONFIG_MAX = 64 * 1024,
};

/* librdkafka's default limit for a message and for a batch. */
#define LONGEST_BYTES ((uint64_t)1000000)

static int set(rd_kafka_conf_t *c, const char *name, const char *value,
	       struct err *e)
{
	char why[WHY_BYTES];

	switch (rd_kafka_conf_set(c, name, value, why, sizeof(why))) {
	case RD_KAFKA_CONF_OK:
		return 0;
	case RD_KAFKA_CONF_UNKNOWN:
		/* leave out the name: a line of the file may be a secret */
		return err_names(e, ERR_CONFIG,
				 "kafka: not a property of librdkafka");
	default:
		return err_set(e, ERR_CONFIG, "kafka: %s", why);
	}
}

static int set_number(rd_kafka_conf_t *c, const char *name, uint64_t value,
		      struct err *e)
{
	char text[24];

	snprintf(text, sizeof(text), "%ju", (uintmax_t)value);
	return set(c, name, text, e);
}

/* Sets properties from a file of lines name=value. */
static int read_config(rd_kafka_conf_t *c, const char *path, struct err *e)
{
	struct buf b = {0};
	char *line, *end, *is;
	unsigned n = 0;
	int rc = -1;

	if (file_secret(path, CONFIG_MAX, &b, e) < 0)
		goto out;
	for (line = buf_cstr(&b); *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		n++;
		if (*line == '\0' || *line == '#')
			continue;
		is = strchr(line, '=');
		if (!is) {
			err_names(e, ERR_CONFIG,
				  "'%s' line %u: expected name=value", path, n);
			goto out;
		}
		*is = '\0';
		if (set(c, line, is + 1, e) < 0) {
			(void)err_in(e, "'%s' line %u", path, n);
			goto out;
		}
	}
	rc = 0;
out:
	if (b.p)
		explicit_bzero(b.p, b.size);
	buf_clear(&b);
	return rc;
}

/* Sets the limits for a batch and for a message; most is the topic's limit, 0:
 * unknown.
 */
static int set_bound(rd_kafka_conf_t *c, uint64_t most, struct err *e)
{
	if (most == 0)
		return 0;
	if (most < LONGEST_BYTES && set_number(c, "batch.size", most, e) < 0)
		return -1;
	if (most > LONGEST_BYTES * 1000)
		most = LONGEST_BYTES * 1000;
	return most > LONGEST_BYTES
		       ? set_number(c, "message.max.bytes", most, e)
		       : 0;
}

int kafkaconf_fill(void *conf, const struct dest_options *o,
		   const char *brokers, uint64_t most, struct err *e)
{
	const struct kafkaconf_settings *own =
		dest_option_settings(o->given, &kafkaconf_group);
	const struct network_settings *net = network_of(o);
	rd_kafka_conf_t *c = conf;

	if (set(c, "bootstrap.servers", brokers, e) < 0 ||
	    set(c, "client.id", "rudder-send", e) < 0 ||
	    set(c, "enable.idempotence", "true", e) < 0 ||
	    set(c, "linger.ms", "5", e) < 0 ||
	    set(c, "log.queue", "true", e) < 0 ||
	    set(c, "topic.metadata.propagation.max.ms", "10000", e) < 0 ||
	    set(c, "compression.type", net->no_gzip ? "none" : "lz4", e) < 0 ||
	    set_number(c, "message.timeout.ms",
		       o->retry_total_ms ? o->retry_total_ms : 1, e) < 0 ||
	    set_bound(c, most, e) < 0 ||
	    set_number(c, "socket.connection.setup.timeout.ms", net->connect_ms,
		       e) < 0)
		return -1;
	return own->config_file ? read_config(c, own->config_file, e) : 0;
}

int kafkaconf_split(const char *url, char **brokers, const char **topic,
		    struct err *e)
{
	const char *from = url + 2, *slash;

	slash = strncmp(url, "//", 2) == 0 ? strchr(from, '/') : NULL;
	if (!slash || slash == from || slash[1] == '\0' ||
	    strchr(slash + 1, '/'))
		return err_set(
			e, ERR_USAGE,
			"destination: expected kafka://broker:port,.../topic");
	if (memchr(from, '@', (size_t)(slash - from)))
		return err_set(e, ERR_USAGE,
			       "destination: do not put a secret into the URL; "
			       "use --config FILE");
	*brokers = mem_copy(from, (size_t)(slash - from));
	*topic = slash + 1;
	return 0;
}

#endif
