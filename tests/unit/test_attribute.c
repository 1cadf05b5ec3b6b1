/* attribute.h: what connection strings hold */
#include "cmocka_all.h"
#include "query/attribute.h"

static void takes_them_apart(void **state)
{
	const char *text = ";DSN=wh; Uid = me;PWD={a;b}}c};Trusted;LAST=";
	static const char *const names[] = {"DSN", "Uid", "PWD", "Trusted",
					    "LAST"};
	static const char *const wholes[] = {
		"DSN=wh", "Uid = me", "PWD={a;b}}c}", "Trusted", "LAST="};
	struct attribute a;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		assert_true(attribute_next(&text, &a));
		assert_true(slice_is(a.name, names[i]));
		assert_true(slice_is(a.whole, wholes[i]));
	}
	assert_false(attribute_next(&text, &a));
}

static void finds_names_without_case(void **state)
{
	(void)state;
	assert_true(attribute_has("DSN=x;pwd=y", "PWD"));
	assert_false(attribute_has("DSN=pwd=y;PWDX=1", "PWD"));
	assert_false(attribute_has("DSN={;PWD=x}", "PWD"));
	assert_false(attribute_has("", "PWD"));
	assert_false(attribute_has("DSN={never closed;PWD=x", "PWD"));
}

static void knows_secrets(void **state)
{
	const char *text = "Password=x;UID=y;Auth_AccessToken=z";
	struct attribute a;

	(void)state;
	assert_true(attribute_next(&text, &a) && attribute_is_secret(&a));
	assert_true(attribute_next(&text, &a) && !attribute_is_secret(&a));
	assert_true(attribute_next(&text, &a) && attribute_is_secret(&a));
}

static void adds_any_value(void **state)
{
	struct buf b = {0};
	const char *text;
	struct attribute a;

	(void)state;
	buf_str(&b, "DSN=x");
	attribute_add(&b, "PWD", "p;w}d");
	text = buf_cstr(&b);
	assert_string_equal(text, "DSN=x;PWD={p;w}}d}");
	assert_true(attribute_next(&text, &a) && attribute_next(&text, &a));
	assert_true(slice_is(a.whole, "PWD={p;w}}d}"));
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_them_apart),
		cmocka_unit_test(finds_names_without_case),
		cmocka_unit_test(knows_secrets),
		cmocka_unit_test(adds_any_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
