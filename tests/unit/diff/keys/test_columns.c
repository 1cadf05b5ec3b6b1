/* test_columns.c - unit tests of diff/keys/columns.h */
#include "cmocka_all.h"

#include "diff/keys/columns.h"
#include "made.h"

/* skipped: a letter for each member, x does not count, . does */
static const struct {
	const char *compare, *ignore, *row, *skipped; /* NULL: all count */
} cases[] = {
	{NULL, NULL, "{\"id\":1,\"a\":2}", NULL},
	{"a", NULL, "{\"id\":1,\"a\":2,\"ab\":3}", "x.x"},
	{"id,a", NULL, "{\"id\":1,\"a\":2,\"ab\":3}", "..x"},
	{"a*", NULL, "{\"id\":1,\"a\":2,\"ab\":3}", "x.."},
	{"?", NULL, "{\"id\":1,\"a\":2,\"ab\":3}", "x.x"},
	{"[b-i]?", NULL, "{\"id\":1,\"a\":2,\"ab\":3}", ".xx"},
	{"\\*", NULL, "{\"*\":1,\"a\":2}", ".x"},
	{"", NULL, "{\"id\":1,\"a\":2}", "xx"},
	{NULL, "", "{\"id\":1,\"a\":2}", ".."},
	{NULL, "a", "{\"id\":1,\"a\":2,\"ab\":3}", ".x."},
	{NULL, "x,a*,", "{\"id\":1,\"a\":2,\"ab\":3}", ".xx"},
	{"a*", "*b", "{\"id\":1,\"a\":2,\"ab\":3}", "x.x"},
	{"b\"c", NULL, "{\"b\\u0022c\":1,\"b\":2}", ".x"},
	{NULL, "\xc3\xa9", "{\"\\u00e9\":1,\"\xc3\xa9t\":2}", "x."},
	{NULL, "A", "{\"a\":1}", "."},
};

static void tells_the_columns_that_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct columns c = {.compare = cases[i].compare,
				    .ignore = cases[i].ignore};
		const char *want = cases[i].skipped;
		struct input in;
		struct err e;
		const bool *skip;
		char line[64];
		int fd;

		snprintf(line, sizeof(line), "%s\n", cases[i].row);
		made_input(&in, &fd, line);
		assert_int_equal(input_next(&in, &e), 1);
		skip = columns_skip(&c, &in);
		if ((skip != NULL) != (want != NULL))
			fail_msg("case %zu", i);
		for (size_t k = 0; want && k < in.n; k++) {
			if (skip[k] != (want[k] == 'x'))
				fail_msg("case %zu, member %zu", i, k);
		}
		columns_clear(&c);
		input_clear(&in);
		close(fd);
	}
}

static void looks_again_when_the_shape_changes(void **state)
{
	struct columns c = {.ignore = "a"};
	struct input in;
	struct err e;
	int fd;

	(void)state;
	made_input(&in, &fd,
		   "{\"a\":1}\n{\"b\":1,\"c\":2,\"a\":3,\"d\":4}\n{\"a\":1}\n"
		   "{\"a\":2}\n");
	assert_int_equal(input_next(&in, &e), 1);
	assert_true(columns_skip(&c, &in)[0]);
	assert_int_equal(input_next(&in, &e), 1);
	assert_false(columns_skip(&c, &in)[0]);
	assert_false(columns_skip(&c, &in)[1]);
	assert_true(columns_skip(&c, &in)[2]);
	assert_false(columns_skip(&c, &in)[3]);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(input_next(&in, &e), 1);
		assert_true(columns_skip(&c, &in)[0]);
	}
	columns_clear(&c);
	columns_clear(&c);
	input_clear(&in);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_columns_that_count),
		cmocka_unit_test(looks_again_when_the_shape_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
