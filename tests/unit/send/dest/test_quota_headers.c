/* test_quota_headers.c - unit tests of send/dest/quota_headers.h */
#include "cmocka_all.h"

#include "send/dest/quota_headers.h"

#define NOW_MS ((uint64_t)1700000000 * 1000)

static void knows_the_forms_of_apis(void **state)
{
	static const struct {
		const char *line[2];
		uint64_t ms;
		bool empty;
	} cases[] = {
		{{"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1700000030"},
		 30000,
		 true},
		{{"RateLimit-Remaining: 0", "RateLimit-Reset: 12"},
		 12000,
		 true},
		{{"x-rate-limit-remaining: 0",
		  "x-rate-limit-reset: 1700000005000"},
		 5000,
		 true},
		{{"RateLimit-Remaining: 3", "RateLimit-Reset: 12"},
		 12000,
		 false},
		{{"RateLimit: limit=100, remaining=0, reset=7", NULL},
		 7000,
		 true},
		{{"RateLimit: \"a\";r=0;t=3, \"b\";r=0;t=9, \"c\";r=5;t=60",
		  NULL},
		 9000,
		 true},
		{{"RateLimit: \"a\";r=2;t=3", NULL}, 0, false},
		{{"RateLimit-Remaining: 0", NULL}, 0, false},
		{{"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1600000000"},
		 0,
		 false},
		{{"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: soon"},
		 0,
		 false},
		{{"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 9000000"},
		 86400000,
		 true},
		{{"RateLimit: \"a\";r=0;t=nan", "RateLimit-Limit: 5"},
		 0,
		 false},
		{{"RateLimit: \"r=0;t=5", NULL}, 0, false},
		{{"RateLimit: ,,;;==", NULL}, 0, false},
		{{"RateLimit-Remaining:\t 0", "RateLimit-Reset:"}, 0, false},
		{{"RateLimit-Remaining: 0 requests", "RateLimit-Reset: 2.5 s"},
		 2500,
		 true},
		{{"RateLimit-Remaining: 0",
		  "RateLimit-Reset: 00000000000000000000000000000005"},
		 0,
		 false},
		{{"RateLimit-Remaining: 0", "RateLimit-Reset: -5"}, 0, false},
		{{"RateLimit-Remaining: 0", "RateLimit-Reset: :5"}, 0, false},
		{{"RateLimit: remaining=0", NULL}, 0, false},
		{{"RateLimit: reset=7", NULL}, 7000, false},
		{{"RateLimit: \"a\";r=0;t=9, \"b\";r=0;t=3", NULL}, 9000, true},
		{{"RateLimit: \"a\";rx=0;t=9", NULL}, 0, false},
		{{"x-", "X"}, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct quota_headers q = {0};
		bool empty;

		for (size_t k = 0; k < 2 && cases[i].line[k]; k++)
			quota_headers_take(&q, slice_str(cases[i].line[k]));
		if (quota_headers_wait(&q, NOW_MS, &empty) != cases[i].ms ||
		    empty != cases[i].empty)
			fail_msg("case %zu: %ju ms, %d", i,
				 (uintmax_t)quota_headers_wait(&q, NOW_MS,
							       &empty),
				 empty);
		quota_headers_clear(&q);
	}
}

/* What a server sends is kept only as far as an API has reason to. */
static void forgets_a_value_that_is_too_long(void **state)
{
	struct quota_headers q = {0};
	struct buf line = {0};
	bool empty;

	(void)state;
	quota_headers_take(&q, slice_str("RateLimit: \"a\";r=0;t=3"));
	buf_str(&line, "RateLimit: \"a\";r=0;t=9;x=");
	for (int i = 0; i < 1024; i++)
		buf_char(&line, 'x');
	quota_headers_take(&q, buf_all(&line));
	assert_int_equal(quota_headers_wait(&q, NOW_MS, &empty), 0);
	assert_false(empty);
	buf_clear(&line);
	quota_headers_clear(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_forms_of_apis),
		cmocka_unit_test(forgets_a_value_that_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
