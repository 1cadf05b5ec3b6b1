/* test_harmless.c - unit tests of wire/stream/harmless.h */
#include "cmocka_all.h"

#include <string.h>

#include "wire/stream/harmless.h"

enum { ROOM = 8 };

static const struct {
	const char *text, *copy;
} cases[] = {
	{"", ""},
	{"seven b", "seven b"},
	{"eight by", "eight b"},
	{"more than that", "more th"},
	{"a\033[1m\x7f", "a [1m "},
	{"\xc3\xa9\xc3\xa9\xc3\xa9", "\xc3\xa9\xc3\xa9\xc3\xa9"},
	/* a character for which there is no room */
	{"abcdef\xc3\xa9", "abcdef"},
	{"abcde\xe2\x80\xa6", "abcde"},
	{"abcd\xf0\x9f\x98\x80", "abcd"},
	{"abc\xf0\x9f\x98\x80", "abc\xf0\x9f\x98\x80"},
	{"a\xff\xc2\x9b", "a  "},
};

static void writes_nothing_behind_its_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char to[ROOM + 8];

		memset(to, '#', sizeof(to));
		harmless(to, ROOM, slice_str(cases[i].text));
		assert_string_equal(to, cases[i].copy);
		assert_memory_equal(to + ROOM, "########", 8);
		memset(to, '#', sizeof(to));
		harmless_hidden(to, ROOM, cases[i].text, HARMLESS_LONG);
		assert_string_equal(to, cases[i].copy);
		assert_memory_equal(to + ROOM, "########", 8);
	}
}

static void keeps_the_code_of_an_error(void **state)
{
	static const struct {
		const char *text, *copy;
	} codes[] = {
		{"no (SQLSTATE 42501)", "no (SQLSTATE 42501)"},
		{"no (SQLSTATE 425011)", "no (SQLSTATE \xe2\x80\xa6)"},
		{"no SQLSTATE: 42501", "no SQLSTATE: \xe2\x80\xa6"},
	};
	char to[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		harmless_hidden(to, sizeof(to), codes[i].text, HARMLESS_LONG);
		assert_string_equal(to, codes[i].copy);
		harmless_hidden(to, sizeof(to), codes[i].text, HARMLESS_VALUES);
		assert_string_equal(to, codes[i].copy);
	}
}

static void has_room_for_the_end_alone(void **state)
{
	char to[2] = "##";

	(void)state;
	harmless(to, 1, slice_str("text"));
	assert_memory_equal(to, "\0#", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_nothing_behind_its_bytes),
		cmocka_unit_test(keeps_the_code_of_an_error),
		cmocka_unit_test(has_room_for_the_end_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
