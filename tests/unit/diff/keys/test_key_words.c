/* test_key_words.c - unit tests of diff/keys/key_words.h */
#include "cmocka_all.h"

#include "diff/keys/key_words.h"

static void names_the_columns_as_the_options_take_them(void **state)
{
	static const struct {
		const char *list, *identity, *words;
	} cases[] = {
		{"id", NULL, "the key 'id'"},
		{"country,id", "email",
		 "the key 'country,id' and the identity 'email'"},
		{"\"a,b\",c", NULL, "the key '\"a,b\",c'"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = {0};
		struct key k;
		struct err e;

		assert_int_equal(key_init(&k, cases[i].list, &e), 0);
		assert_int_equal(key_identify(&k, cases[i].identity, &e), 0);
		key_words(&k, &b);
		assert_string_equal(buf_cstr(&b), cases[i].words);
		b.n = 0;
		key_words_of(buf_all(&k.columns), &b);
		assert_string_equal(buf_cstr(&b), cases[i].words);
		buf_clear(&b);
		key_clear(&k);
	}
}

static void adds_what_no_state_keeps_as_it_is(void **state)
{
	struct buf b = {0};

	(void)state;
	key_words_of(slice_str("[1]"), &b);
	assert_string_equal(buf_cstr(&b), "the key [1]");
	buf_clear(&b);
}

static void names_the_columns_of_a_duplicate(void **state)
{
	char why[160];
	struct key k;
	struct err e;

	(void)state;
	assert_int_equal(key_init(&k, "a,b,c", &e), 0);
	assert_string_equal(key_words_duplicate(&k, why),
			    "duplicate key in column 'a', column 'b' and "
			    "column 'c'");
	key_clear(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_columns_as_the_options_take_them),
		cmocka_unit_test(adds_what_no_state_keeps_as_it_is),
		cmocka_unit_test(names_the_columns_of_a_duplicate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
