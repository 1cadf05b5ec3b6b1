/* test_library.c - unit tests of core/library.h */
#include "cmocka_all.h"

#include <string.h>

#include "core/library.h"

static const char *const math[] = {"cos", "sin", NULL};
static const char *const newer[] = {"cos", "no_such_function", NULL};
static library_fn *math_at[2], *newer_at[2], *absent_at[1];

/* What library.sh makes for a command. */
struct library library_all[] = {
	{"m", "libm.so.6", math, math_at, false},
	{"newer", "libm.so.6", newer, newer_at, false},
	{"absent", "libabsent.so.5", math + 2, absent_at, false},
	{"digit", "libdigit3.so.0", math + 2, absent_at, false},
	{"plain", "libplain.so", math + 2, absent_at, false},
	{"name", "libname_.so.1", math + 2, absent_at, false},
	{0},
};

static void test_loads(void **state)
{
	struct err e = {0};
	double (*cosine)(double);

	(void)state;
	assert_int_equal(library_load("m", &e), 0);
	memcpy(&cosine, &math_at[0], sizeof(cosine));
	assert_true(cosine(0.0) == 1.0);
	assert_non_null(math_at[1]);
	math_at[0] = NULL; /* a second time nothing is looked for */
	assert_int_equal(library_load("m", &e), 0);
	assert_null(math_at[0]);
	/* one that the program is linked with */
	assert_int_equal(library_load("linked", &e), 0);
}

static void refuses(const char *word, const char *part)
{
	struct err e = {0};

	assert_int_equal(library_load(word, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	if (!strstr(e.text, part))
		fail_msg("%s: %s", word, e.text);
}

static void test_refuses(void **state)
{
	(void)state;
	refuses("absent", "apt-get install libabsent5");
	refuses("digit", "apt-get install libdigit3-0");
	refuses("plain", "apt-get install libplain.so");
	refuses("name", "apt-get install libname_1");
	refuses("newer", "libm.so.6 is too old: it has no 'no_such_function'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loads),
		cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
