#include "cmocka_all.h"

#include "diff/keys/key_patterns.h"

static void has_each_once_and_rising(void **state)
{
	static const unsigned some[] = {5, 0, 9, 5, 3, 0, 65535, 9, 3};
	static const unsigned rising[] = {0, 3, 5, 9, 65535};
	struct key_patterns p = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(some); i++)
		key_patterns_add(&p, some[i]);
	assert_int_equal(p.n, COUNT_OF(rising));
	assert_memory_equal(p.is, rising, sizeof(rising));
	assert_false(p.many);
}

static void says_when_there_are_too_many(void **state)
{
	struct key_patterns p = {0};

	(void)state;
	for (unsigned i = KEY_PATTERNS_MOST; i > 0; i--)
		key_patterns_add(&p, i);
	key_patterns_add(&p, KEY_PATTERNS_MOST);
	key_patterns_add(&p, 1);
	assert_int_equal(p.n, KEY_PATTERNS_MOST);
	assert_false(p.many);
	key_patterns_add(&p, 0);
	assert_true(p.many);
	assert_int_equal(p.n, KEY_PATTERNS_MOST);
	assert_int_equal(p.is[0], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_each_once_and_rising),
		cmocka_unit_test(says_when_there_are_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
