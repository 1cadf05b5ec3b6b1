/* test_expect.c - unit tests of diff/expect.h */
#include "cmocka_all.h"

#include <stdio.h>

#include "diff/expect.h"

/* 100 rows, 20 receipts, 2 of them failed, 90 s; before it 200 rows, 30 s. */
static const struct {
	const char *text;
	const char *why; /* NULL: it is met */
} cases[] = {
	{"rows=100", NULL},
	{"rows==100", NULL},
	{"rows>100", "100"},
	{"rows>=100", NULL},
	{"rows<100", "100"},
	{"rows<=100", NULL},
	{"rows>=0.8*last", "100, last 200"},
	{"rows>=0.5*last", NULL},
	{"rows>=last", "100, last 200"},
	{"failed<1%", "2 of 20 receipts"},
	{"failed<=10%", NULL},
	{"failed<10%", "2 of 20 receipts"},
	{"failed<3", NULL},
	{"rejected=0", NULL},
	{"deletes<=100", NULL},
	{"deletes<=4%", "5 of 100 rows"},
	{"deletes<=5%", NULL},
	{"changes<=15", NULL},
	{"changes<15", "15"},
	{"duration<10m", NULL},
	{"duration<1m", "90.0 s"},
	{"duration<=90000ms", NULL},
	{"duration<=2*last", "90000, last 30000"},
	{"deferred=0", "not in the stream"},
	{"unknown<50%", "not in the stream"},
};

static const char *const wrong[] = {
	"",
	"rows",
	"rows>",
	"rows~1",
	"rows>one",
	"rows>1.2.3",
	"rows>-1",
	"rows>1e3",
	"rows >1",
	"columns>1",
	"rows>10m",
	"duration<10%",
	"duration<ten",
	"rows>=0.8*",
	"rows>=0.8*first",
	"rows=>1",
	"rows>=%",
	"rows>=*last",
	"rows>=11111111111111111111111111111111111",
};

static struct run_record made_run(uint64_t rows, uint64_t ms)
{
	struct run_record r = {.status = 0, .complete = true, .ms = ms};
	static const enum runs_count has[] = {
		RUNS_ROWS,     RUNS_INSERTS, RUNS_UPDATES, RUNS_DELETES,
		RUNS_RECEIPTS, RUNS_FAILED,  RUNS_REJECTED};

	for (size_t i = 0; i < COUNT_OF(has); i++)
		r.has[has[i]] = true;
	r.count[RUNS_ROWS] = rows;
	r.count[RUNS_INSERTS] = 10;
	r.count[RUNS_DELETES] = 5;
	r.count[RUNS_RECEIPTS] = 20;
	r.count[RUNS_FAILED] = 2;
	return r;
}

static void judges_each_form(void **state)
{
	struct run_record now = made_run(100, 90000);
	struct run_record before = made_run(200, 30000);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *v[] = {cases[i].text};
		const struct opt_list list = {v, 1};
		char want[200];
		struct err e;
		int rc;

		assert_int_equal(expect_valid(&list, &e), 0);
		rc = expect_met(&list, &now, &before, &e);
		if (rc != (cases[i].why ? -1 : 0))
			fail_msg("%s: %d", cases[i].text, rc);
		if (rc == 0)
			continue;
		snprintf(want, sizeof(want), "not as expected: %s (%s)",
			 cases[i].text, cases[i].why);
		assert_string_equal(e.text, want);
		assert_int_equal(e.kind, ERR_EXPECT);
	}
}

static void refuses_what_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		const char *v[] = {"rows>0", wrong[i]};
		const struct opt_list list = {v, 2};
		struct err e;

		if (expect_valid(&list, &e) == 0)
			fail_msg("accepted: %s", wrong[i]);
		assert_int_equal(e.kind, ERR_USAGE);
	}
}

static void names_all_that_are_missed(void **state)
{
	const char *v[] = {"rows>200", "rows>0", "failed=0"};
	const struct opt_list list = {v, 3}, none = {NULL, 0};
	struct run_record now = made_run(100, 1);
	struct err e;

	(void)state;
	assert_int_equal(expect_met(&list, &now, NULL, &e), -1);
	assert_string_equal(e.text,
			    "not as expected: rows>200 (100), failed=0 (2)");
	assert_int_equal(expect_met(&none, &now, NULL, &e), 0);
}

static void has_nothing_to_compare_with_in_a_first_run(void **state)
{
	const char *v[] = {"rows>=9*last", "duration<0.1*last"};
	const struct opt_list list = {v, 2};
	struct run_record now = made_run(0, 90000);
	const char *share[] = {"failed<1%"};
	const struct opt_list empty = {share, 1};
	struct err e;

	(void)state;
	assert_int_equal(expect_met(&list, &now, NULL, &e), 0);
	/* nor does a share of no receipts fail */
	now.count[RUNS_RECEIPTS] = now.count[RUNS_FAILED] = 0;
	assert_int_equal(expect_met(&empty, &now, NULL, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_each_form),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(names_all_that_are_missed),
		cmocka_unit_test(has_nothing_to_compare_with_in_a_first_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
