/* test_file_name.c - unit tests of send/dest/file_name.h */
#include "cmocka_all.h"

#include <stdio.h>

#include "send/dest/file_name.h"
#include "send/dest/url_template.h"

#define AT_MS 1709210099000 /* 2024-02-29T12:34:59Z */

static int parse(struct file_name *n, const char *text)
{
	struct err e;
	int rc = file_name_parse(n, text, &e);

	if (rc < 0)
		assert_int_equal(e.kind, ERR_USAGE);
	return rc;
}

/* The name for this event, or why there is none. */
static void assert_name(const char *text, const char *event, const char *want)
{
	struct url_template t;
	struct file_name n;
	struct buf to = {0};
	const char *why;

	url_template_init(&t);
	assert_int_equal(parse(&n, text), 0);
	buf_str(&to, "before ");
	if (event)
		url_template_event(&t, slice_str(event));
	why = file_name_make(&n, event ? &t : NULL, AT_MS, &to);
	assert_string_equal(why ? why : buf_cstr(&to) + strlen("before "),
			    want);
	buf_clear(&to);
	url_template_clear(&t);
}

static void knows_what_is_in_a_name(void **state)
{
	static const struct {
		const char *text;
		bool dated, by_event;
		size_t fixed;
	} cases[] = {
		{"out/all", false, false, 0},     {"", false, false, 0},
		{"%Y", true, false, 0},           {"a/b/%d-%m", true, false, 4},
		{"a/{type}/b/%H", true, true, 2}, {"/x{a.b}", false, true, 1},
		{"a/100%%/b", false, false, 2},   {"a/%{b}/c", false, false, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct file_name n;

		assert_int_equal(parse(&n, cases[i].text), 0);
		assert_int_equal(n.dated, cases[i].dated);
		assert_int_equal(n.by_event, cases[i].by_event);
		assert_int_equal(n.fixed, cases[i].fixed);
	}
}

static void refuses_a_lone_brace_or_an_unknown_letter(void **state)
{
	static const char *const texts[] = {"a{",  "a{}", "a{b", "a{b{c}}", "%",
					    "a%s", "%y",  "%Y%", "{a}%"};
	struct file_name n;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_int_equal(parse(&n, texts[i]), -1);
}

static void puts_the_time_in_utc(void **state)
{
	(void)state;
	assert_name("%Y/%m-%d/%H.%M.gz", NULL, "2024/02-29/12.34.gz");
	assert_name("100%%-%{x}", NULL, "100%-{x}");
	assert_name("}", NULL, "}");
	assert_name("", NULL, "");
}

static void encodes_values_so_that_they_stay_in_their_folder(void **state)
{
	static const struct {
		const char *event, *want;
	} cases[] = {
		{"{\"u\":\"aZ09-_~.x\"}", "f/aZ09-_~.x.gz"},
		{"{\"u\":\"../../x\"}", "f/%2E.%2F..%2Fx.gz"},
		{"{\"u\":\".\"}", "f/%2E.gz"},
		{"{\"u\":\".profile\"}", "f/%2Eprofile.gz"},
		{"{\"u\":\"a\\u0000\\n%{\"}", "f/a%00%0A%25%7B.gz"},
		{"{\"u\":\"\xc3\xa9\"}", "f/%C3%A9.gz"},
		{"{\"u\":1.50}", "f/1.50.gz"},
		{"{\"u\":true}", "f/true.gz"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_name("f/{u}.gz", cases[i].event, cases[i].want);
	assert_name("{a.b}-%d-{u}", "{\"a\":{\"b\":7},\"u\":\"x\"}", "7-29-x");
}

static void has_no_name_without_a_value(void **state)
{
	static const char *const events[] = {
		"{}",           "{\"u\":null}",
		"{\"u\":\"\"}", "{\"u\":{\"a\":1}}",
		"{\"u\":[1]}",  "{\"v\":1}"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(events); i++)
		assert_name("{u}", events[i],
			    "the event lacks a value for the file name");
}

/* Of a part 247 bytes, of all 4,087: the rest is for the number of --rotate. */
static void has_no_name_that_is_too_long(void **state)
{
	static const char why[] =
		"the event's value is too long for a file name";
	char event[5000], want[300], text[5000] = "{u}";

	(void)state;
	snprintf(event, sizeof(event), "{\"u\":\"%0247d\"}", 1);
	snprintf(want, sizeof(want), "%0247d", 1);
	assert_name("{u}", event, want);
	assert_name("{u}x", event, why);
	for (size_t n = 0; n < 4000; n += 100)
		snprintf(text + n, sizeof(text) - n, "%099d/", 0);
	snprintf(text + 4000, sizeof(text) - 4000, "{u}");
	snprintf(event, sizeof(event), "{\"u\":\"%087d\"}", 1);
	{
		struct file_name n;

		assert_int_equal(parse(&n, text), 0);
		assert_int_equal(n.fixed, 4000);
	}
	snprintf(event, sizeof(event), "{\"u\":\"%088d\"}", 1);
	assert_name(text, event, why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_is_in_a_name),
		cmocka_unit_test(refuses_a_lone_brace_or_an_unknown_letter),
		cmocka_unit_test(puts_the_time_in_utc),
		cmocka_unit_test(
			encodes_values_so_that_they_stay_in_their_folder),
		cmocka_unit_test(has_no_name_without_a_value),
		cmocka_unit_test(has_no_name_that_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
