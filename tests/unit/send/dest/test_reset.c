/* test_reset.c - unit tests of send/dest/reset.h */
#include "cmocka_all.h"

#include "send/dest/reset.h"

#ifdef WITH_CURL

static const struct {
	const char *body;
	bool whole;
} bodies[] = {
	{"", false},
	{" ", false},
	{"[]", true},
	{" [200, 200]\r\n", true},
	{"{\"a\":[1,{\"b\":2}]}", true},
	{"{\"a\":\"}\"", false},
	{"{\"a\":\"\\\"}\"}", true},
	{"{\"a\":\"\\", false},
	{"[200, 2", false},
	{"[[200]", false},
	{"[]]", false},
	{"[] x", false},
	{"]", false},
	{"}{", false},
	{"x[]", false},
	{"200", false},
};

/* An answer that is asked for the outcome of each event has come to its end
 * when its JSON has, a second ago.
 */
static void waits_for_the_end_of_the_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		struct transfer s = {.status = 200, .keeps_answers = true};

		buf_str(&s.body, bodies[i].body);
		s.body_bytes = s.body.n;
		assert_false(reset_has_reply(&s, 5000));
		if (reset_has_reply(&s, 6000) != bodies[i].whole)
			fail_msg("'%s'", bodies[i].body);
		buf_clear(&s.body);
	}
}

static void begins_anew_when_more_has_come(void **state)
{
	struct transfer s = {.status = 207, .keeps_answers = true};

	(void)state;
	buf_str(&s.body, "[");
	s.body_bytes = 1;
	assert_false(reset_has_reply(&s, 5000));
	buf_str(&s.body, "]");
	s.body_bytes = 2;
	assert_false(reset_has_reply(&s, 6000));
	assert_false(reset_has_reply(&s, 6999));
	assert_true(reset_has_reply(&s, 7000));
	buf_clear(&s.body);
}

/* The status decides where nobody asks for the body: a second is for libcurl.
 */
static void needs_no_body_of_others(void **state)
{
	static const struct {
		unsigned status;
		bool keeps, wants;
	} cases[] = {
		{200, true, true},  {299, true, true},  {300, true, false},
		{199, true, false}, {503, true, false}, {200, false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct transfer s = {.status = cases[i].status,
				     .keeps_answers = cases[i].keeps};

		assert_int_equal(reset_wants_body(&s), cases[i].wants);
		assert_false(reset_has_reply(&s, 5000));
		assert_false(reset_has_reply(&s, 5999));
		assert_int_equal(reset_has_reply(&s, 6000), !cases[i].wants);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_the_end_of_the_json),
		cmocka_unit_test(begins_anew_when_more_has_come),
		cmocka_unit_test(needs_no_body_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return 77;
}

#endif
