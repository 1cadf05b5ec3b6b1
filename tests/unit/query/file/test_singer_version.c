/* test_singer_version.c - unit tests of query/file/singer_version.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "query/file/singer_version.h"

/* "A5" activates version 5, "R5" is its record, "R" one without a version, "S5"
 * a state that names 5.
 */
static const struct {
	const char *messages;
	bool complete;
} runs[] = {
	{"A5 R5 A5", true},
	{"S A5 R5 R5 A5", true},
	{"S1.5 A5 R5 A5", false}, /* may name it */
	{"S55 S15 A5 R5 A5", true},
	{"S5 A5 R5 A5", false},
	{"R5 A5", false},
	{"A5 R5", false},
	{"A5 A5", false},
	{"A5 R5 A5 R5", false},
	{"A5 R A5", false},
	{"R A5 R5 A5", false},
	{"A4 R4 A5 R5 A5", false},
	{"A4 A5 R5 A5", true},
	{"A5 R5 A4 R5", false},
	{"A5 R5 A", false},
	{"", false},
};

static bool complete(const char *p, uint64_t run_ms)
{
	struct singer_version v = {.run_ms = run_ms};
	struct slice state = slice_of(NULL, 0);

	while (*p) {
		size_t n = strcspn(p, " ");
		struct slice text = slice_of(p + 1, n - 1);

		if (*p == 'A')
			singer_version_activate(&v, text, state);
		else if (*p == 'R')
			(void)singer_version_record(&v, text);
		else
			state = text;
		p += n + (p[n] == ' ');
	}
	return singer_version_complete(&v);
}

static void a_table_is_complete_if_its_version_is_of_this_run(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(runs); i++) {
		if (complete(runs[i].messages, UINT64_MAX) != runs[i].complete)
			fail_msg("%s", runs[i].messages);
	}
}

static void a_version_since_the_run_began_is_of_this_run(void **state)
{
	uint64_t now = clock_wall_ms();
	char run[100];

	(void)state;
	snprintf(run, sizeof(run), "R%ju A%ju", (uintmax_t)now, (uintmax_t)now);
	assert_true(complete(run, now));
	assert_false(complete(run, now + 1));
	snprintf(run, sizeof(run), "R%ju A%ju", (uintmax_t)now + 3600000,
		 (uintmax_t)now + 3600000);
	assert_false(complete(run, now)); /* another clock */
}

static void a_record_of_an_older_version_is_not_a_row(void **state)
{
	struct singer_version v = {.run_ms = UINT64_MAX};

	(void)state;
	assert_int_equal(singer_version_record(&v, slice_str("7")),
			 SINGER_VERSION_ROW);
	assert_int_equal(singer_version_record(&v, slice_str("6")),
			 SINGER_VERSION_OLD);
	assert_int_equal(singer_version_record(&v, slice_str("")),
			 SINGER_VERSION_ROW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_table_is_complete_if_its_version_is_of_this_run),
		cmocka_unit_test(a_version_since_the_run_began_is_of_this_run),
		cmocka_unit_test(a_record_of_an_older_version_is_not_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
