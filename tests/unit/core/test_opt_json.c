/* test_opt_json.c - unit tests of core/opt_json.h */
#include "cmocka_all.h"

#include "core/opt_json.h"
#include "core/tool.h"

static bool full;
static const char *mode, *source, *plain = "a \"b\"\\", *tab = "\t";
static uint64_t size, wait_ms, none, no_limit = UINT64_MAX;
static struct opt_list list;

/* One option, of which the JSON must have this. */
static const struct {
	struct opt o;
	const char *json;
} options[] = {
	{{'f', "full", NULL, "all rows", .flag = &full},
	 "{\"name\":\"full\",\"letter\":\"f\",\"kind\":\"flag\",\"repeat\":"
	 "false,\"optional\":false,\"help\":\"all rows\"}"},
	{{0, "mode", "<mode>", "how", .text = &mode, .values = "upsert|mirror"},
	 "{\"name\":\"mode\",\"argument\":\"<mode>\",\"kind\":\"text\","
	 "\"repeat\":false,\"optional\":false,\"values\":[\"upsert\","
	 "\"mirror\"],\"help\":\"how\"}"},
	{{0, "source", "<url>", "where", .text = &source, .values = "csv:"},
	 "{\"name\":\"source\",\"argument\":\"<url>\",\"kind\":\"text\","
	 "\"repeat\":false,\"optional\":false,\"values\":[\"csv:\"],"
	 "\"help\":\"where\"}"},
	{{0, "name", "<name>", "a \"name\"", .text = &plain},
	 "{\"name\":\"name\",\"argument\":\"<name>\",\"kind\":\"text\","
	 "\"repeat\":false,\"optional\":false,\"default\":\"a \\\"b\\\"\\\\\","
	 "\"help\":\"a \\\"name\\\"\"}"},
	{{0, "tab", "<c>", "one\ttab", .text = &tab},
	 "\"default\":\"\\u0009\",\"help\":\"one\\u0009tab\"}"},
	{{0, "ever", "<time>", "no limit", .msec = &no_limit},
	 "{\"name\":\"ever\",\"argument\":\"<time>\",\"kind\":\"time\","
	 "\"repeat\":false,\"optional\":false,\"help\":\"no limit\"}"},
	{{0, "column", "<name>", "one", .list = &list},
	 "{\"name\":\"column\",\"argument\":\"<name>\",\"kind\":\"text\","
	 "\"repeat\":true,\"optional\":false,\"help\":\"one\"}"},
	{{0, "size", "[<n>]", "bytes", .count = &size, .absent = "10"},
	 "{\"name\":\"size\",\"argument\":\"[<n>]\",\"kind\":\"count\","
	 "\"repeat\":false,\"optional\":true,\"default\":\"64K\",\"help\":"
	 "\"bytes\"}"},
	{{0, "none", "<n>", "none", .count = &none},
	 "{\"name\":\"none\",\"argument\":\"<n>\",\"kind\":\"count\","
	 "\"repeat\":false,\"optional\":false,\"help\":\"none\"}"},
	{{0, "most", "<n>", "most", .count = &no_limit},
	 "{\"name\":\"most\",\"argument\":\"<n>\",\"kind\":\"count\","
	 "\"repeat\":false,\"optional\":false,\"help\":\"most\"}"},
	{{0, "wait", "<time>", "how long", .msec = &wait_ms},
	 "{\"name\":\"wait\",\"argument\":\"<time>\",\"kind\":\"time\","
	 "\"repeat\":false,\"optional\":false,\"default\":\"90s\",\"help\":"
	 "\"how long\"}"},
};

static void shows_each_option(void **state)
{
	static const struct opt none_more = {0};

	(void)state;
	size = 65536;
	wait_ms = 90000;
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		const struct opt table[] = {options[i].o, {0}};
		const struct opt_page page = {.summary = "s", .table = table};
		struct buf b = {0};

		opt_json(&b, &page, &none_more);
		assert_non_null(strstr(buf_cstr(&b), options[i].json));
		buf_clear(&b);
	}
}

static const struct {
	uint64_t n;
	const char *count, *time;
} numbers[] = {
	{1, "1", "1ms"},
	{1000, "1000", "1s"},
	{1023, "1023", "1023ms"},
	{1024, "1K", "1024ms"},
	{60000, "60000", "1m"},
	{1048576, "1M", "1048576ms"},
	{3600000, "3600000", "1h"},
	{86400000, "84375K", "1d"},
	{(uint64_t)1 << 40, "1024G", "1099511627776ms"},
};

static void shows_defaults_as_they_are_typed(void **state)
{
	static const struct opt none_more = {0};
	const struct opt table[] = {
		{0, "size", "<n>", "bytes", .count = &size},
		{0, "wait", "<time>", "how long", .msec = &wait_ms},
		{0},
	};
	const struct opt_page page = {.summary = "s", .table = table};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		struct buf b = {0}, want = {0};

		size = wait_ms = numbers[i].n;
		opt_json(&b, &page, &none_more);
		buf_fmt(&want, "\"default\":\"%s\",\"help\":\"bytes\"",
			numbers[i].count);
		assert_non_null(strstr(buf_cstr(&b), buf_cstr(&want)));
		want.n = 0;
		buf_fmt(&want, "\"default\":\"%s\",\"help\":\"how long\"",
			numbers[i].time);
		assert_non_null(strstr(buf_cstr(&b), buf_cstr(&want)));
		buf_clear(&b);
		buf_clear(&want);
	}
}

static void shows_the_command_and_the_common_options(void **state)
{
	const struct opt table[] = {{0}};
	const struct opt common[] = {
		{'q', "quiet", NULL, "errors only", .flag = &full}, {0}};
	const struct opt_page page = {.summary = "does it",
				      .table = table,
				      .operand = "<command>",
				      .operand_values = "filter|tee"};
	struct buf b = {0};

	(void)state;
	tool_start("rudder-test");
	opt_json(&b, &page, common);
	assert_string_equal(
		buf_cstr(&b),
		"{\"name\":\"rudder-test\",\"version\":\"" RUDDER_VERSION
		"\",\"summary\":\"does it\",\"operand\":\"<command>\","
		"\"operand_values\":[\"filter\",\"tee\"],\"options\":[{"
		"\"name\":\"quiet\",\"letter\":\"q\",\"kind\":\"flag\","
		"\"repeat\":false,\"optional\":false,\"help\":\"errors "
		"only\"}]}\n");
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_each_option),
		cmocka_unit_test(shows_defaults_as_they_are_typed),
		cmocka_unit_test(shows_the_command_and_the_common_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
