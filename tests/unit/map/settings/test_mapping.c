/* test_mapping.c - unit tests of map/settings/mapping.h and map/event/event.h;
 * the settings one by one stand in tests/cli/map
 */
#include "cmocka_all.h"

#include <string.h>

#include "map/event/event.h"
#include "map/event/event_template.h"
#include "map/event/mapping_load.h"

static void knows_patterns(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool fits;
	} cases[] = {
		{"*", "", true},          {"*", "abc", true},
		{"a*", "abc", true},      {"a*c", "abcbc", true},
		{"a*b*c", "aXbYc", true}, {"a*b*c", "aXcYb", false},
		{"?", "a", true},         {"?", "", false},
		{"a?c", "abc", true},     {"a", "ab", false},
		{"**a", "bba", true},     {"a*", "ba", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(mapping_glob(slice_str(cases[i].pattern),
					      slice_str(cases[i].name)),
				 cases[i].fits);
}

static void clears_after_each_failure(void **state)
{
	static const struct mapping_options cases[] = {
		{.user_id = "id"},
		{.type = "identify"},
		{.type = "nonsense", .user_id = "id"},
		{.type = "track", .user_id = "id"},
		{.type = "group", .user_id = "id"},
		{.type = "record", .object = "X-y"},
		{.file = "/nonexistent/mapping.json"},
		{.type = "identify", .user_id = "id", .event = "E"},
		{.type = "track", .user_id = "id", .event = "insert=A,x=B"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct mapping_list m;
		struct err e = {0};

		assert_int_equal(mapping_load(&m, &cases[i], &e), -1);
		assert_true(e.kind == ERR_USAGE || e.kind == ERR_CONFIG ||
			    e.kind == ERR_INPUT);
		assert_true(e.text[0] != '\0');
		mapping_list_clear(&m);
	}
}

/* A row through scanner, tree and plan. */
static void event_of(const struct mapping_options *o, const char *row,
		     struct buf *out)
{
	struct scan *s = scan_new();
	struct buf line = {0};
	struct event_values v = {0};
	struct event_source from;
	static const char record[64] = "\"1\""; /* what is copied at once */
	struct event_template_record r = {.record_id = slice_str(record),
					  .message_id = slice_str("m"),
					  .absent = SIZE_MAX};
	struct mapping_list m;
	struct event_tree *t;
	struct event_template *p;
	struct err e;
	size_t n;

	buf_str(&line, row);
	memset(buf_room(&line, 128), 0, 128);
	assert_int_equal(scan_object(s, buf_all(&line)), 0);
	r.member = scan_members(s, &n);
	r.line_n = line.n;
	assert_int_equal(mapping_load(&m, o, &e), 0);
	assert_int_equal(event_tree(&t, m.v, MAPPING_INSERT, r.member, n,
				    slice_str("{}"), slice_of(NULL, 0), &from,
				    &e),
			 0);
	p = event_template_new(t, m.v->exact_numbers);
	event_tree_free(t);
	assert_int_equal(event_values_prepare(p, &r, &v), 0);
	out->n = 0;
	event_template_write(p, &r, &v, out);
	buf_cstr(out);
	event_template_free(p);
	event_values_clear(&v);
	mapping_list_clear(&m);
	buf_clear(&line);
	scan_free(s);
}

static void writes_long_values_and_repeats(void **state)
{
	const char *list[] = {"x=a,x=b,x=c.d[1]"};
	const struct mapping_options o = {
		.type = "identify",
		.user_id = "id",
		.columns = {.v = list, .n = 1},
	};
	struct buf row = {0}, value = {0}, want = {0}, out = {0};

	(void)state;
	for (size_t n = 0; n < 2000; n = 2 * n + 1) {
		value.n = row.n = want.n = 0;
		buf_char(&value, '"');
		for (size_t i = 0; i < n; i++)
			buf_char(&value, (char)('a' + i % 26));
		buf_char(&value, '"');
		buf_fmt(&row, "{\"id\":5,\"x\":%s}", buf_cstr(&value));
		buf_fmt(&want,
			"{\"channel\":\"sources\",\"context\":{\"sources\":{}},"
			"\"messageId\":\"m\",\"recordId\":\"1\",\"traits\":"
			"{\"a\":%s,\"b\":%s,\"c\":{\"d\":[null,%s]}},"
			"\"type\":\"identify\",\"userId\":\"5\"}",
			value.p, value.p, value.p);
		event_of(&o, buf_cstr(&row), &out);
		assert_string_equal(out.p, buf_cstr(&want));
	}
	buf_clear(&row);
	buf_clear(&value);
	buf_clear(&want);
	buf_clear(&out);
}

static void leaves_out_the_first_and_the_last(void **state)
{
	const char *omit[] = {"omit"};
	const struct mapping_options o = {
		.type = "identify",
		.user_id = "id",
		.nulls = {.v = omit, .n = 1},
	};
	static const struct {
		const char *row, *traits;
	} cases[] = {
		{"{\"id\":1,\"a\":null,\"b\":2,\"c\":3}", "{\"b\":2,\"c\":3}"},
		{"{\"id\":1,\"a\":1,\"b\":2,\"c\":null}", "{\"a\":1,\"b\":2}"},
		{"{\"id\":1,\"a\":null,\"b\":null}", "{}"},
		{"{\"id\":1,\"a\":\"x,\",\"b\":null}", "{\"a\":\"x,\"}"},
	};
	struct buf out = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		event_of(&o, cases[i].row, &out);
		assert_memory_equal(strstr(out.p, "\"traits\":") + 9,
				    cases[i].traits, strlen(cases[i].traits));
	}
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_patterns),
		cmocka_unit_test(clears_after_each_failure),
		cmocka_unit_test(writes_long_values_and_repeats),
		cmocka_unit_test(leaves_out_the_first_and_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
