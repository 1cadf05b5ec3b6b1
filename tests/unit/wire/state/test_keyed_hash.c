/* test_keyed_hash.c - unit tests of wire/state/keyed_hash.h */
#include "cmocka_all.h"

#include "wire/state/keyed_hash.h"

static void is_hmac_sha_256(void **state)
{
	struct buf b = {0};

	(void)state;
	/* RFC 4231, test case 2 */
	keyed_hash(slice_str("Jefe"), slice_str("what do ya want for nothing?"),
		   64, &b);
	assert_string_equal(buf_cstr(&b), "5bdcc146bf60754e6a042426089575c75a00"
					  "3f089d2739839dec58b964ec3843");
	b.n = 0;
	keyed_hash(slice_of(NULL, 0), slice_of(NULL, 0), 16, &b);
	assert_string_equal(buf_cstr(&b), "b613679a0814d9ec");
	buf_clear(&b);
}

static void depends_on_seed_use_and_value(void **state)
{
	static const struct {
		uint64_t seed;
		const char *what, *value;
	} cases[] = {
		{1, "a", "x"}, {2, "a", "x"}, {1, "b", "x"},
		{1, "a", "y"}, {1, "ax", ""},
	};
	struct buf b[COUNT_OF(cases)] = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		keyed_hash_seed(cases[i].seed, cases[i].what,
				slice_str(cases[i].value), 32, &b[i]);
		assert_int_equal(b[i].n, 32);
		for (size_t k = 0; k < i; k++)
			assert_false(slice_eq(buf_all(&b[i]), buf_all(&b[k])));
	}
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		buf_clear(&b[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_hmac_sha_256),
		cmocka_unit_test(depends_on_seed_use_and_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
