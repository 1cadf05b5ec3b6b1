#include "send/dest/kafkatopic.h"

#ifdef WITH_KAFKA
#include <librdkafka/rdkafka.h>
#include <string.h>

#include "core/clock.h"
#include "core/num.h"

enum { ASK_MS = 1500, LONGEST_MS = 3600 * 1000 };

void kafkatopic_ask(struct kafkatopic *t, void *rk, const char *topic, int wake,
		    uint64_t for_ms)
{
	rd_kafka_ConfigResource_t *of =
		rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
	rd_kafka_AdminOptions_t *o = rd_kafka_AdminOptions_new(
		rk, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
	char why[256];

	if (for_ms > LONGEST_MS)
		for_ms = LONGEST_MS;
	rd_kafka_AdminOptions_set_request_timeout(o, (int)for_ms, why,
						  sizeof(why));
	t->queue = rd_kafka_queue_new(rk);
	t->until_ms = clock_mono_ms() + ASK_MS;
	rd_kafka_queue_io_event_enable(t->queue, wake, "1", 1);
	rd_kafka_DescribeConfigs(rk, &of, 1, o, t->queue);
	rd_kafka_AdminOptions_destroy(o);
	rd_kafka_ConfigResource_destroy(of);
}

static uint64_t bound_in(const rd_kafka_ConfigResource_t *of)
{
	size_t n = 0;
	const rd_kafka_ConfigEntry_t **entry =
		rd_kafka_ConfigResource_configs(of, &n);
	uint64_t bytes = 0;

	for (size_t i = 0; i < n; i++) {
		const char *value = rd_kafka_ConfigEntry_value(entry[i]);

		if (strcmp(rd_kafka_ConfigEntry_name(entry[i]),
			   "max.message.bytes") == 0 &&
		    value && num_uint(slice_str(value), &bytes) < 0)
			bytes = 0;
	}
	return bytes;
}

bool kafkatopic_answered(struct kafkatopic *t, bool broker_is_there)
{
	const rd_kafka_ConfigResource_t **of;
	rd_kafka_event_t *event;
	size_t n = 0;

	if (!t->queue)
		return true;
	event = rd_kafka_queue_poll(t->queue, 0);
	if (!event && (!broker_is_there || clock_mono_ms() < t->until_ms))
		return false;
	t->reached = event && !rd_kafka_event_error(event);
	if (t->reached) {
		of = rd_kafka_DescribeConfigs_result_resources(
			rd_kafka_event_DescribeConfigs_result(event), &n);
		if (n == 1 && !rd_kafka_ConfigResource_error(of[0]))
			t->most = bound_in(of[0]);
	}
	if (event)
		rd_kafka_event_destroy(event);
	kafkatopic_clear(t);
	return true;
}

int kafkatopic_wait_ms(const struct kafkatopic *t, int timeout_ms)
{
	uint64_t now = t->queue ? clock_mono_ms() : 0;

	if (!t->queue || t->until_ms <= now ||
	    (timeout_ms >= 0 && t->until_ms - now >= (uint64_t)timeout_ms))
		return timeout_ms;
	return (int)(t->until_ms - now);
}

void kafkatopic_clear(struct kafkatopic *t)
{
	if (t->queue)
		rd_kafka_queue_destroy(t->queue);
	t->queue = NULL;
}

bool kafkatopic_is_fatal(int code, const char *topic, struct err *e)
{
	switch (code) {
	case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
	case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
		err_names(e, ERR_CONFIG,
			  "kafka: no topic '%s' on the brokers, or not visible "
			  "to this user",
			  topic);
		return true;
	case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
		err_names(e, ERR_CONFIG,
			  "kafka: '%s' is not a valid topic name", topic);
		return true;
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
		err_names(e, ERR_DENIED,
			  "kafka: this user may not write to the topic '%s'",
			  topic);
		return true;
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
		err_set(e, ERR_DENIED,
			"kafka: this user may not write to any topic, or lacks "
			"the IdempotentWrite permission (brokers before 3.0)");
		return true;
	case RD_KAFKA_RESP_ERR__AUTHENTICATION:
	case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
		err_set(e, ERR_DENIED,
			"kafka: login refused: check sasl.username and "
			"sasl.password in the file of --config");
		return true;
	case RD_KAFKA_RESP_ERR__SSL:
		err_set(e, ERR_PROTOCOL,
			"kafka: TLS failed: check ssl.ca.location in the file "
			"of --config");
		return true;
	default:
		return false;
	}
}

#endif
