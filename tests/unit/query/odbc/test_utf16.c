/* utf16.h: UTF-16 and back */
#include "cmocka_all.h"
#include "query/odbc/utf16.h"

static void goes_there_and_back(void **state)
{
	static const char *const texts[] = {"", "a", "Zo\xc3\xab",
					    "\xe6\x9d\x8e\xf0\x9f\x9a\x80 x",
					    "\xef\xbf\xbf\xf4\x8f\xbf\xbf"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf wide = {0}, back = {0};

		utf16_add(&wide, slice_str(texts[i]));
		assert_int_equal(wide.p[wide.n], 0);
		assert_int_equal(wide.p[wide.n + 1], 0);
		assert_int_equal(utf16_narrow(&back, buf_all(&wide)), 0);
		assert_string_equal(buf_cstr(&back), texts[i]);
		buf_clear(&wide);
		buf_clear(&back);
	}
}

static void counts_a_pair_as_two_units(void **state)
{
	struct buf wide = {0};
	const uint16_t wanted[] = {0xd83d, 0xde80};

	(void)state;
	utf16_add(&wide, slice_str("\xf0\x9f\x9a\x80"));
	assert_int_equal(wide.n, sizeof(wanted));
	assert_memory_equal(wide.p, wanted, sizeof(wanted));
	buf_clear(&wide);
}

static void tells_half_a_pair(void **state)
{
	static const uint16_t halves[][2] = {
		{0xd83d, 'a'}, {0xde80, 'a'}, {'a', 0xd83d}, {0xd83d, 0xd83d}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(halves); i++) {
		struct buf b = {0};
		const void *p = halves[i];

		assert_int_equal(utf16_narrow(&b, slice_of(p, 4)), -1);
		assert_non_null(memmem(b.p, b.n, "\xef\xbf\xbd", 3));
		buf_clear(&b);
	}
}

static void replaces_what_is_no_utf8(void **state)
{
	struct buf wide = {0}, back = {0};

	(void)state;
	utf16_add(&wide, slice_str("a\xe9z"));
	assert_int_equal(utf16_narrow(&back, buf_all(&wide)), 0);
	assert_string_equal(buf_cstr(&back), "a\xef\xbf\xbdz");
	buf_clear(&wide);
	buf_clear(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_there_and_back),
		cmocka_unit_test(counts_a_pair_as_two_units),
		cmocka_unit_test(tells_half_a_pair),
		cmocka_unit_test(replaces_what_is_no_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
