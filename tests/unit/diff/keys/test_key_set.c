/* test_key_set.c - unit tests of diff/keys/key_set.h */
#include "cmocka_all.h"

#include "diff/keys/key_set.h"

static const struct hash zero;

static struct hash key(uint64_t i)
{
	return hash_bytes(&i, sizeof(i), 1);
}

static void knows_new_keys_from_old(void **state)
{
	static const struct {
		struct hash key;
		bool new;
	} cases[] = {
		{{1, 1}, true},  {{1, 1}, false}, {{2, 1}, true},
		{{1, 2}, true},  {{0, 1}, true},  {{1, 0}, true},
		{{0, 0}, true},  {{0, 0}, false}, {{1, 0}, false},
		{{2, 1}, false},
	};
	struct key_set s = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(key_set_has(&s, cases[i].key), !cases[i].new);
		key_set_put(&s, cases[i].key, 0);
		assert_true(key_set_has(&s, cases[i].key));
		key_set_touch(&s, cases[i].key);
	}
	key_set_clear(&s);
}

static void is_empty_when_all_zero(void **state)
{
	struct key_set s = {0};

	(void)state;
	assert_false(key_set_has(&s, zero));
	assert_false(key_set_has(&s, key(1)));
	assert_int_equal(key_set_get(&s, zero), -1);
	assert_int_equal(key_set_get(&s, key(1)), -1);
	key_set_touch(&s, key(1));
	key_set_clear(&s);
}

static void keeps_all_keys_while_it_grows(void **state)
{
	enum { N = 20000 };
	struct key_set s = {0};

	(void)state;
	for (uint64_t i = 0; i < N; i++)
		key_set_put(&s, key(i), (uint32_t)i);
	for (uint64_t i = 0; i < N; i++)
		assert_int_equal(key_set_get(&s, key(i)), i);
	assert_false(key_set_has(&s, key(N)));
	assert_int_equal(s.n, N);
	assert_true(s.size <= 2 * N);
	key_set_clear(&s);
	assert_false(key_set_has(&s, key(0)));
}

/* All in one place: only the whole of the key tells them apart. */
static void takes_keys_with_the_same_low_bits(void **state)
{
	struct key_set s = {0};

	(void)state;
	for (uint32_t i = 1; i < 500; i++)
		key_set_put(&s, (struct hash){.hi = i, .lo = 5}, i);
	for (uint32_t i = 1; i < 500; i++)
		assert_int_equal(
			key_set_get(&s, (struct hash){.hi = i, .lo = 5}), i);
	assert_int_equal(key_set_get(&s, (struct hash){.hi = 500, .lo = 5}),
			 -1);
	key_set_clear(&s);
}

static void numbers_keys(void **state)
{
	enum { N = 5000 };
	struct key_set s = {0};

	(void)state;
	for (int round = 0; round < 2; round++) {
		assert_int_equal(key_set_get(&s, zero), -1);
		for (uint32_t i = 0; i < N; i++)
			key_set_put(&s, key(i), i);
		key_set_put(&s, zero, UINT32_MAX);
		key_set_put(&s, key(3), 77);
		assert_int_equal(s.n, N);
		for (uint32_t i = 0; i < N; i++)
			assert_int_equal(key_set_get(&s, key(i)),
					 i == 3 ? 77 : i);
		assert_true(key_set_get(&s, zero) == (int64_t)UINT32_MAX);
		assert_int_equal(key_set_get(&s, key(N)), -1);
		/* empty again, and still one with numbers */
		key_set_clear(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_new_keys_from_old),
		cmocka_unit_test(is_empty_when_all_zero),
		cmocka_unit_test(keeps_all_keys_while_it_grows),
		cmocka_unit_test(takes_keys_with_the_same_low_bits),
		cmocka_unit_test(numbers_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
