/* test_text.c - unit tests of core/text.h */
#include "cmocka_all.h"

#include "core/text.h"

static const struct {
	const char *text;
	size_t n;
	uint32_t c;
	bool hidden;
} chars[] = {
	{"a", 1, 'a', false},
	{"\n", 1, '\n', true},
	{"\x7f", 1, 0x7f, true},
	{"\xc3\xa9", 2, 0xe9, false},
	{"\xc2\x9b", 2, 0x9b, true},            /* a control of Latin-1 */
	{"\xe2\x80\xae", 3, 0x202e, true},      /* right-to-left override */
	{"\xe2\x81\xa6", 3, 0x2066, true},      /* left-to-right isolate */
	{"\xe2\x80\x8b", 3, 0x200b, true},      /* zero width space */
	{"\xef\xbb\xbf", 3, 0xfeff, true},      /* byte order mark */
	{"\xd8\x9c", 2, 0x61c, true},           /* Arabic letter mark */
	{"\xe2\x80\xa6", 3, 0x2026, false},     /* ellipsis */
	{"\xef\xb8\x8f", 3, 0xfe0f, false},     /* as an emoji */
	{"\xf3\xa0\x81\x81", 4, 0xe0041, true}, /* tag */
	{"\xf0\x9f\x98\x80", 4, 0x1f600, false},
	{"\xc0\x80", 0, 0, false},
	{"\xed\xa0\x80", 0, 0, false},
	{"\xf4\x90\x80\x80", 0, 0, false},
	{"\xf0\x8f\xbf\xbf", 0, 0, false}, /* U+FFFF, in a byte too many */
	{"\xf0\x90\x80\x80", 4, 0x10000, false},
	{"\xf4\x8f\xbf\xbf", 4, 0x10ffff, false},
	{"\xe2\x80", 0, 0, false},
	{"\x80", 0, 0, false},
};

static void knows_characters(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(chars); i++) {
		uint32_t c = 0;

		assert_int_equal(text_char(slice_str(chars[i].text), &c),
				 chars[i].n);
		if (chars[i].n == 0)
			continue;
		assert_int_equal(c, chars[i].c);
		assert_int_equal(text_hidden(c), chars[i].hidden);
	}
}

static void cuts_at_a_character(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} cuts[] = {
		{"", 0},
		{"abc", 3},
		{"ab\xc3", 2},
		{"ab\xc3\xa9", 4},
		{"\xe2\x80", 0},
		{"a\xe2\x80\xa6", 4},
		{"a\xf0\x9f\x98", 1},
		{"\x80\x80\x80\x80", 4},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cuts); i++)
		assert_int_equal(text_whole(slice_str(cuts[i].text)),
				 cuts[i].n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_characters),
		cmocka_unit_test(cuts_at_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
