/* test_reasons.c - unit tests of wire/stream/reasons.h and harmless.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "core/tool.h"
#include "scratch.h"
#include "wire/stream/harmless.h"
#include "wire/stream/reasons.h"

static void says(const struct reasons *r, const char *want)
{
	char text[REASONS_TEXT];

	reasons_say(r, text);
	assert_string_equal(text, want);
}

static void says_the_most_frequent_first(void **state)
{
	struct reasons r = {0};

	(void)state;
	says(&r, "");
	reasons_add(&r, "no key", NULL, 1, 2);
	says(&r, "1 \xc3\x97 no key (line 2)");
	reasons_add(&r, "byte 7: not an object", NULL, 1, 3);
	reasons_add(&r, "byte 12: not an object", NULL, 1, 9);
	reasons_add(&r, "column 'a@b': not an integer", NULL, 1, 0);
	says(&r, "2 \xc3\x97 not an object (from line 3), 1 \xc3\x97 no key "
		 "(line 2), 1 \xc3\x97 column 'a@b': not an integer");
	r.unit = "row";
	reasons_clear(&r);
	says(&r, "");
}

static void says_five_and_counts_the_others(void **state)
{
	static const char first[] =
		"70 \xc3\x97 why 42 (from row 43), 10 \xc3\x97 ";
	struct reasons r = {0};
	char why[16], text[REASONS_TEXT];

	(void)state;
	r.unit = "row";
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(why, sizeof(why), "why %u", i % 100);
		reasons_add(&r, why, NULL, i % 100 == 42 ? 7 : 1, i + 1);
	}
	assert_int_equal(r.kinds, REASONS_KEPT);
	reasons_say(&r, text);
	assert_int_equal(strncmp(text, first, strlen(first)), 0);
	assert_non_null(strstr(text, " why 3 (from row 4), 950 others"));
	reasons_clear(&r);
}

static void fits_its_room_whatever_comes(void **state)
{
	struct reasons r = {0};
	char why[1000], text[REASONS_TEXT];

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		memset(why, 'a' + (int)i, sizeof(why) - 1);
		why[sizeof(why) - 1] = '\0';
		reasons_add(&r, why, NULL, UINT64_MAX / 16, UINT64_MAX - i);
		memcpy(why, "\xe2\x82", 3); /* half a character */
		reasons_add_foreign(&r, why, 1, 0);
	}
	memset(text, 'x', sizeof(text));
	reasons_say(&r, text);
	assert_true(strlen(text) < sizeof(text));
	assert_non_null(strstr(text, " others"));
	reasons_clear(&r);
}

static void tells_no_values_of_others(void **state)
{
	static const struct {
		const char *why, *want;
	} cases[] = {
		{"HTTP 422: email \"a b\" invalid",
		 "1 \xc3\x97 HTTP 422: email \"\xe2\x80\xa6\" invalid"},
		{"HTTP 400: user 17 is a@b.de",
		 "1 \xc3\x97 HTTP 400: user \xe2\x80\xa6 is \xe2\x80\xa6"},
		{"bad\x1b[31m 2024-01-02", "1 \xc3\x97 bad [31m \xe2\x80\xa6"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reasons r = {0};

		reasons_add_foreign(&r, cases[i].why, 1, 0);
		says(&r, cases[i].want);
		reasons_clear(&r);
	}
}

static void says_them_whole_with_v(void **state)
{
	struct reasons r = {0};
	struct scratch_grab g;
	const char *said;

	(void)state;
	reasons_add_foreign(&r, "HTTP 422: email 'a@b.de' invalid", 2, 0);
	reasons_add(&r, "the jq program failed", "jq: no name for x", 1, 4);
	tool_set_log(TOOL_INFO, false);
	scratch_grab(&g, 2);
	says(&r,
	     "2 \xc3\x97 HTTP 422: email '\xe2\x80\xa6' invalid, 1 \xc3\x97 "
	     "the jq program failed (line 4)");
	said = scratch_got(&g);
	assert_non_null(strstr(said, "HTTP 422: email 'a@b.de' invalid\n"));
	assert_non_null(strstr(said, "jq: no name for x (line 4)\n"));
	tool_set_log(TOOL_WARNING, false);
	reasons_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_the_most_frequent_first),
		cmocka_unit_test(says_five_and_counts_the_others),
		cmocka_unit_test(fits_its_room_whatever_comes),
		cmocka_unit_test(tells_no_values_of_others),
		cmocka_unit_test(says_them_whole_with_v),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
