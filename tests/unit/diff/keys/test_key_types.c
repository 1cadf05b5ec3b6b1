/* test_key_types.c - unit tests of diff/keys/key_types.h */
#include "cmocka_all.h"

#include "diff/keys/key_types.h"

static void gives_the_same_key_of_another_type(void **state)
{
	static const struct {
		const char *list, *text;
		unsigned columns;
		const char *other;
	} types[] = {
		{"id", "7", 1, "\"7\""},
		{"id", "\"7\"", 1, "7"},
		{"id", "7", 0, "7"},
		{"id", "\"007\"", 1, "007"},
		{"id", "\"1.0\"", 1, "1.0"},
		{"id", "\"1.50\"", 1, "1.5"},
		{"id", "\"1e3\"", 1, "1e3"},
		{"id", "\"-\"", 1, "-"},
		{"c,id", "[\"de\",7]", 2, "[\"de\",\"7\"]"},
		{"c,id", "[1,\"2\"]", 3, "[\"1\",2]"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		struct buf b = {0};
		struct key k;
		struct err e;

		assert_int_equal(key_init(&k, types[i].list, &e), 0);
		key_types_retype(&k, &b, slice_str(types[i].text),
				 types[i].columns);
		assert_string_equal(buf_cstr(&b), types[i].other);
		buf_clear(&b);
		key_clear(&k);
	}
}

static void says_which_columns_are_strings_or_read_as_another_type(void **state)
{
	static const struct {
		const char *list, *text;
		unsigned strings, other;
	} types[] = {
		{"id", "7", 0, 1},
		{"id", "true", 0, 1},
		{"id", "\"7\"", 1, 1},
		{"id", "\"true\"", 1, 1},
		{"id", "\"007\"", 1, 0},
		{"id", "\"a\"", 1, 0},
		{"a,b,c", "[\"x\",1,\"2\"]", 5, 6},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		struct slice text = slice_str(types[i].text);
		struct key_types t;
		struct key k;
		struct err e;

		assert_int_equal(key_init(&k, types[i].list, &e), 0);
		assert_int_equal(key_types_strings(&k, text), types[i].strings);
		key_types(&k, text, &t);
		assert_int_equal(t.strings, types[i].strings);
		assert_int_equal(t.other, types[i].other);
		key_clear(&k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_same_key_of_another_type),
		cmocka_unit_test(
			says_which_columns_are_strings_or_read_as_another_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
