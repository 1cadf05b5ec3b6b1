/* test_sparkline.c - unit tests of sync/report/sparkline.h */
#include "cmocka_all.h"

#include "sync/report/sparkline.h"

static const struct {
	uint64_t inserts;
	int status;
} given[] = {{0, 0}, {1, 0}, {100, 0}, {25, 0}, {50, 69}, {99, 1}, {3, -1}};

static void fill(struct report_run *run)
{
	for (size_t i = 0; i < COUNT_OF(given); i++) {
		run[i] = (struct report_run){.status = given[i].status};
		run[i].count[REPORT_INSERTS] = given[i].inserts;
	}
}

static void shows_heights_and_failures(void **state)
{
	struct report_run run[COUNT_OF(given)];
	struct sync_report r = {.run = run, .n_runs = COUNT_OF(given)};
	struct buf b = {0};

	(void)state;
	fill(run);
	assert_int_equal(sparkline(&b, &r, 40, true), 7);
	assert_string_equal(buf_cstr(&b), "▁▂█▅×█×");
	b.n = 0;
	assert_int_equal(sparkline(&b, &r, 40, false), 7);
	assert_string_equal(buf_cstr(&b), "_.#=x#x");
	b.n = 0;
	assert_int_equal(sparkline(&b, &r, 3, false), 3);
	assert_string_equal(buf_cstr(&b), "x#x");
	buf_clear(&b);
}

static void copes_with_extremes(void **state)
{
	struct report_run run[2] = {{.status = 0}, {.status = 0}};
	struct sync_report r = {.run = run};
	struct buf b = {0};

	(void)state;
	assert_int_equal(sparkline(&b, &r, 40, true), 0);
	r.n_runs = 2;
	sparkline(&b, &r, 40, false);
	assert_string_equal(buf_cstr(&b), "__");
	b.n = 0;
	run[0].count[REPORT_UPDATES] = 1;
	run[1].count[REPORT_UPDATES] = UINT64_MAX;
	sparkline(&b, &r, 40, false);
	assert_string_equal(buf_cstr(&b), ".#");
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_heights_and_failures),
		cmocka_unit_test(copes_with_extremes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
