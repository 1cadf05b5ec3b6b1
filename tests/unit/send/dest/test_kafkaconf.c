/* test_kafkaconf.c - unit tests of send/dest/kafkaconf.h */
#include "cmocka_all.h"

#include "send/dest/kafkaconf.h"

#ifdef WITH_KAFKA
#include <librdkafka/rdkafka.h>

#include "send/dest/network.h"

static const struct dest_group *const groups[] = {&network_group,
						  &kafkaconf_group, NULL};

static void has(const rd_kafka_conf_t *c, const char *name, const char *want)
{
	char value[100] = "";
	size_t n = sizeof(value);

	assert_int_equal(rd_kafka_conf_get(c, name, value, &n),
			 RD_KAFKA_CONF_OK);
	if (strcmp(value, want) != 0)
		fail_msg("%s is %s", name, value);
}

static void sets_all_that_sending_relies_on(void **state)
{
	struct dest_given g = {0};
	struct opt row[32] = {{0}};
	struct dest_options o = {.given = &g, .retry_total_ms = 77000};
	rd_kafka_conf_t *c = rd_kafka_conf_new();
	struct err e;

	(void)state;
	dest_option_add(&g, groups, "kafka");
	(void)dest_option_rows(&g, row, COUNT_OF(row));
	assert_int_equal(kafkaconf_fill(c, &o, "a:1,b:2", 5000, &e), 0);
	has(c, "bootstrap.servers", "a:1,b:2");
	has(c, "client.id", "rudder-send");
	has(c, "enable.idempotence", "true");
	has(c, "linger.ms", "5");
	has(c, "log.queue", "true");
	has(c, "topic.metadata.propagation.max.ms", "10000");
	has(c, "compression.type", "lz4");
	has(c, "message.timeout.ms", "77000");
	has(c, "batch.size", "5000");
	has(c, "message.max.bytes", "1000000");
	has(c, "socket.connection.setup.timeout.ms", "10000");
	/* more than is usual, and no time for another try */
	o.retry_total_ms = 0;
	assert_int_equal(kafkaconf_fill(c, &o, "a:1", 2000000, &e), 0);
	has(c, "message.max.bytes", "2000000");
	has(c, "message.timeout.ms", "1");
	assert_int_equal(kafkaconf_fill(c, &o, "a:1", UINT64_MAX, &e), 0);
	has(c, "message.max.bytes", "1000000000");
	rd_kafka_conf_destroy(c);
	dest_option_clear(&g);
}
#else
static void sets_all_that_sending_relies_on(void **state)
{
	(void)state;
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_all_that_sending_relies_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
