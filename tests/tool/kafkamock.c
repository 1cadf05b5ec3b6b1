/* kafkamock.c - a Kafka cluster for tests, by librdkafka's mock brokers.
 *
 *     kafkamock -p FILE [-t SECONDS] [-n PARTITIONS] [-e ERRORS] [-l]
 *               [-x] [-E CODE] [-h] [-o OUT] TOPIC
 *     kafkamock -b BROKERS [-n PARTITIONS] [-s NAME=VALUE] TOPIC
 *     kafkamock -b BROKERS -n PARTITIONS -o OUT TOPIC
 *
 * The second form makes a topic at brokers that are real, the third reads one
 * back from them.
 *
 *   -p FILE   the brokers' addresses and LF, once they listen
 *   -t SECS   end by itself after so long (default 60)
 *   -n N      partitions of the topic (default 4)
 *   -e N      the first N produce requests fail for now
 *   -l        the first produce request times out, and may have been stored
 *   -x        every produce request is refused for its size
 *   -E CODE   every produce request fails with this error of Kafka's protocol
 *   -o FILE   on SIGTERM read the topic back: one line a message, PARTITION
 *             KEY ID VALUE, tabs between
 *   -h        NAME=TEXT of all headers in place of ID, commas between
 *   -s N=V    setting of the topic, such as max.message.bytes=1000
 *
 * SIGUSR1 takes the brokers down, SIGUSR2 up again.
 *
 * The brokers keep a few megabytes a partition only: send small amounts.
 */
#include <stdio.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/num.h"
#include "core/tool.h"
#include "core/writer.h"

#ifdef WITH_KAFKA
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>

enum { PRODUCE = 0, READ_MS = 3000, MAKE_MS = 10000, BROKERS = 3 };

struct options {
	const char *port_file, *out, *topic, *brokers;
	char *setting;
	uint64_t seconds, partitions, errors, failure;
	bool late, refuse, headers;
};

static NO_RETURN void die(const char *what, const char *why)
{
	fprintf(stderr, "kafkamock: %s: %s\n", what, why);
	exit(70);
}

static void put_file(const char *path, const char *text)
{
	struct file_new f = {0};
	struct err e;

	if (file_begin(&f, path, &e) < 0 ||
	    writer_all(f.fd, text, strlen(text), &e) < 0 ||
	    writer_all(f.fd, "\n", 1, &e) < 0 || file_commit(&f, &e) < 0)
		die(path, e.text);
}

static void put_headers(FILE *out, rd_kafka_headers_t *headers)
{
	const char *name;
	const void *v;
	size_t n;

	for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &v, &n) ==
			   RD_KAFKA_RESP_ERR_NO_ERROR;
	     i++)
		fprintf(out, "%s%s=%.*s", i > 0 ? "," : "", name, (int)n,
			(const char *)v);
}

static void put_message(FILE *out, const rd_kafka_message_t *m, bool all)
{
	rd_kafka_headers_t *headers = NULL;
	const void *id = "";
	size_t n = 0;

	(void)rd_kafka_message_headers(m, &headers);
	fprintf(out, "%d\t%.*s\t", (int)m->partition, (int)m->key_len,
		(const char *)m->key);
	if (headers && all)
		put_headers(out, headers);
	else if (headers)
		(void)rd_kafka_header_get_last(headers, "messageId", &id, &n);
	fprintf(out, "%.*s\t%.*s\n", (int)n, (const char *)id, (int)m->len,
		(const char *)m->payload);
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *brokers)
{
	rd_kafka_conf_t *c = rd_kafka_conf_new();
	char why[256];
	rd_kafka_t *rk;

	rd_kafka_conf_set(c, "bootstrap.servers", brokers, why, sizeof(why));
	if (type == RD_KAFKA_CONSUMER) {
		rd_kafka_conf_set(c, "group.id", "g", why, sizeof(why));
		rd_kafka_conf_set(c, "enable.partition.eof", "true", why,
				  sizeof(why));
	}
	rk = rd_kafka_new(type, c, why, sizeof(why));
	if (!rk)
		die("librdkafka", why);
	return rk;
}

/* Does not return. */
static NO_RETURN void make_topic(const struct options *o)
{
	rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, o->brokers);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	char why[256] = "no answer", *value;
	rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(
		o->topic, (int)o->partitions, 1, why, sizeof(why));
	const rd_kafka_topic_result_t **result;
	rd_kafka_event_t *event;
	size_t n = 0;

	if (!topic)
		die(o->topic, why);
	value = o->setting ? strchr(o->setting, '=') : NULL;
	if (value) {
		*value++ = '\0';
		rd_kafka_NewTopic_set_config(topic, o->setting, value);
	}
	rd_kafka_CreateTopics(rk, &topic, 1, NULL, queue);
	event = rd_kafka_queue_poll(queue, MAKE_MS);
	if (!event || rd_kafka_event_error(event))
		die(o->topic, event ? rd_kafka_event_error_string(event) : why);
	result = rd_kafka_CreateTopics_result_topics(
		rd_kafka_event_CreateTopics_result(event), &n);
	if (n != 1 || rd_kafka_topic_result_error(result[0]))
		die(o->topic,
		    n ? rd_kafka_topic_result_error_string(result[0]) : why);
	_exit(0);
}

/* Does not return: nobody waits for the mock to end well. */
static NO_RETURN void read_back(const struct options *o, const char *brokers)
{
	rd_kafka_topic_partition_list_t *all =
		rd_kafka_topic_partition_list_new((int)o->partitions);
	uint64_t ends_ms = clock_mono_ms() + READ_MS;
	rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, brokers);
	FILE *out = fopen(o->out, "w");
	uint64_t ended = 0;

	if (!out)
		die(o->out, "cannot be made");
	for (uint64_t i = 0; i < o->partitions; i++)
		rd_kafka_topic_partition_list_add(all, o->topic, (int)i)
			->offset = RD_KAFKA_OFFSET_BEGINNING;
	rd_kafka_assign(rk, all);
	while (ended < o->partitions && clock_mono_ms() < ends_ms) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(rk, 100);

		if (!m)
			continue;
		ends_ms = clock_mono_ms() + READ_MS;
		if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
			ended++;
		else if (!m->err)
			put_message(out, m, o->headers);
		rd_kafka_message_destroy(m);
	}
	rd_kafka_topic_partition_list_destroy(all);
	fclose(out);
	_exit(ended < o->partitions);
}

static void read_options(struct options *o, int argc, char **argv)
{
	int c, rc = 0;

	while ((c = getopt(argc, argv, "p:t:n:e:lxE:ho:b:s:")) != -1) {
		struct slice s = slice_str(optarg);

		if (c == 'p')
			o->port_file = optarg;
		else if (c == 't')
			rc |= num_uint(s, &o->seconds);
		else if (c == 'n')
			rc |= num_uint(s, &o->partitions);
		else if (c == 'e')
			rc |= num_uint(s, &o->errors);
		else if (c == 'E')
			rc |= num_uint(s, &o->failure);
		else if (c == 'l')
			o->late = true;
		else if (c == 'x')
			o->refuse = true;
		else if (c == 'h')
			o->headers = true;
		else if (c == 'o')
			o->out = optarg;
		else if (c == 'b')
			o->brokers = optarg;
		else if (c == 's')
			o->setting = optarg;
		else
			exit(64);
	}
	if (rc != 0 || (!o->port_file && !o->brokers) || optind == argc)
		exit(64);
	o->topic = argv[optind];
}

static void push(rd_kafka_mock_cluster_t *mock, uint64_t n,
		 rd_kafka_resp_err_t code)
{
	for (uint64_t i = 0; i < n; i++)
		rd_kafka_mock_push_request_errors(mock, PRODUCE, 1, code);
}

/* Until it is to end. */
static void serve(rd_kafka_mock_cluster_t *mock, int signals, uint64_t seconds)
{
	uint64_t ends_ms = clock_mono_ms() + seconds * 1000;
	struct pollfd p = {.fd = signals, .events = POLLIN};
	struct signalfd_siginfo info = {0};

	while (clock_mono_ms() < ends_ms) {
		if (poll(&p, 1, 1000) <= 0)
			continue;
		if (read(signals, &info, sizeof(info)) < 0 ||
		    (info.ssi_signo != SIGUSR1 && info.ssi_signo != SIGUSR2))
			return;
		for (int i = 1; i <= BROKERS; i++)
			if (info.ssi_signo == SIGUSR1)
				rd_kafka_mock_broker_set_down(mock, i);
			else
				rd_kafka_mock_broker_set_up(mock, i);
	}
}

int main(int argc, char **argv)
{
	struct options o = {.seconds = 60, .partitions = 4};
	rd_kafka_mock_cluster_t *mock;
	rd_kafka_t *rk;
	char why[256];
	sigset_t set;

	tool_start("kafkamock");
	read_options(&o, argc, argv);
	if (o.brokers && o.out)
		read_back(&o, o.brokers);
	if (o.brokers)
		make_topic(&o);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	rk = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why,
			  sizeof(why));
	if (!rk)
		die("librdkafka", why);
	mock = rd_kafka_mock_cluster_new(rk, BROKERS);
	rd_kafka_mock_topic_create(mock, o.topic, (int)o.partitions, 1);
	push(mock, o.errors, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
	push(mock, o.late, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT);
	push(mock, o.refuse ? 1000 : 0, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
	push(mock, o.failure > 0 ? 1000 : 0, (rd_kafka_resp_err_t)o.failure);
	put_file(o.port_file, rd_kafka_mock_cluster_bootstraps(mock));
	serve(mock, signalfd(-1, &set, SFD_CLOEXEC), o.seconds);
	if (o.out)
		read_back(&o, rd_kafka_mock_cluster_bootstraps(mock));
	_exit(0);
}

#else

int main(void)
{
	fprintf(stderr, "kafkamock: built without librdkafka\n");
	return 77;
}

#endif
