/* test_job_status.c - unit tests of send/job_status.h */
#include "cmocka_all.h"

#include "send/job_status.h"

static void a_run_is_complete_when_all_its_sources_are(void **state)
{
	static const struct {
		const char *body;
		bool complete;
	} cases[] = {
		{"{}", false},
		{" {\r\n \"tasks\" : [] }\n", false},
		{"{\"tasks\":[]}", false},
		{"{\"tasks\":[{\"sources\":[]}]}", false},
		{"{\"tasks\":[{\"sources\":[{\"completed\":true}]}]}", true},
		{"{\"tasks\":[{\"sources\":[{\"completed\":1}]}]}", false},
		{"{\"tasks\":[{\"sources\":[{}]}]}", false},
		{"{\"tasks\":[{\"sources\":[7]}]}", false},
		{"{\"tasks\":[{\"sources\":[{\"completed\":true}]},"
		 "{\"sources\":[{\"completed\":false}]}]}",
		 false},
		{"{\"tasks\":[null,{\"sources\":[{\"completed\":true}]}]}",
		 true},
		{"{\"tasks\":{\"sources\":[{\"completed\":true}]}}", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct job_status s;
		struct err e = {0};

		assert_int_equal(
			job_status_read(slice_str(cases[i].body), &s, &e), 0);
		assert_int_equal(s.complete, cases[i].complete);
	}
}

#define STATS(in, out, failed)                                                 \
	"\"stats\":{\"in\":" #in ",\"out\":" #out ",\"failed\":" #failed "}"

static void adds_up_the_counts_of_sources_and_destinations(void **state)
{
	static const struct {
		const char *body;
		bool balanced;
		uint64_t in, out, failed;
	} cases[] = {
		{"{\"tasks\":[{\"sources\":[{" STATS(6, 4, 2) "}]}]}", true, 6,
		 4, 2},
		{"{\"tasks\":[{\"sources\":[{" STATS(
			 6, 4, 2) ","
				  "\"destinations\":null}]}]}",
		 true, 6, 4, 2},
		{"{\"tasks\":[{\"sources\":[{" STATS(
			 6, 5,
			 1) ","
			    "\"destinations\":[{" STATS(5, 2, 3) "},{" STATS(
				    5, 5, 0) "}]}"
					     "]},{\"sources\":[{" STATS(
						     1, 1, 0) "}]}]}",
		 true, 17, 13, 4},
		{"{\"tasks\":[{\"sources\":[{" STATS(6, 4, 1) "}]}]}", false, 0,
		 0, 0},
		{"{\"tasks\":[{\"sources\":[{" STATS(6, 7, 0) "}]}]}", false, 0,
		 0, 0},
		{"{\"tasks\":[{\"sources\":[{" STATS(6, 6, -0) "}]}]}", false,
		 0, 0, 0},
		{"{\"tasks\":[{\"sources\":[{\"completed\":true}]}]}", false, 0,
		 0, 0},
		{"{\"tasks\":[{\"sources\":[{" STATS(
			 6, 6, 0) ","
				  "\"destinations\":[{}]}]}]}",
		 false, 6, 6, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct job_status s;
		struct err e = {0};

		assert_int_equal(
			job_status_read(slice_str(cases[i].body), &s, &e), 0);
		assert_int_equal(s.balanced, cases[i].balanced);
		assert_int_equal(s.in, cases[i].in);
		assert_int_equal(s.out, cases[i].out);
		assert_int_equal(s.failed, cases[i].failed);
	}
}

static void refuses_what_is_not_an_object(void **state)
{
	static const char *const bodies[] = {"",
					     "[]",
					     "1",
					     "<html>",
					     "{",
					     "{}{}",
					     "{\"a\" \"b\"}",
					     "{\"a\":1,\"a\":2}"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		struct job_status_failures f = {0};
		struct slice body = slice_str(bodies[i]);
		struct buf token = {0};
		struct err e = {0};
		struct job_status s;

		assert_int_equal(job_status_read(body, &s, &e), -1);
		assert_int_equal(e.kind, ERR_PROTOCOL);
		assert_int_equal(job_status_page(body, &f, &token, &e), -1);
		assert_int_equal(e.kind, ERR_PROTOCOL);
		assert_int_equal(f.n, 0);
	}
}

#define RECORDS(list)                                                          \
	"{\"tasks\":[{\"sources\":[{\"destinations\":[{\"records\":[" list     \
	"]}]}]}]"

static void finds_each_failed_record_of_all_pages(void **state)
{
	static const char one[] = RECORDS(
		"{\"record\":\"2\",\"code\":400},{\"record\":7,\"code\":9e9},"
		"{},null") ",\"paging\":{\"next\":\"a/b=\"}}";
	static const char two[] =
		RECORDS("{\"record\":{\"b\":1,\"a\":2},\"code\":422}") "}";
	struct job_status_failures f = {0};
	struct buf token = {0}, scratch = {0};
	struct err e = {0};

	(void)state;
	assert_null(job_status_find(&f, slice_str("\"2\""), &scratch));
	assert_int_equal(job_status_page(slice_str(one), &f, &token, &e), 0);
	assert_string_equal(buf_cstr(&token), "a/b=");
	assert_int_equal(job_status_page(slice_str(two), &f, &token, &e), 0);
	assert_int_equal(token.n, 0);
	assert_int_equal(f.n, 3);
	job_status_sort(&f);
	assert_int_equal(
		job_status_find(&f, slice_str("\"2\""), &scratch)->code, 400);
	assert_int_equal(job_status_find(&f, slice_str("7.0"), &scratch)->code,
			 0);
	assert_int_equal(
		job_status_find(&f, slice_str("{\"a\":2, \"b\":1}"), &scratch)
			->code,
		422);
	/* a string that is a number is that number, no other string is */
	assert_non_null(job_status_find(&f, slice_str("2"), &scratch));
	assert_non_null(job_status_find(&f, slice_str("20e-1"), &scratch));
	assert_non_null(job_status_find(&f, slice_str("\"7\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\"07\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\"+7\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\"7.\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\"7e\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\"7e+\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\"7e0x\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\"-\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\"-7\""), &scratch));
	assert_non_null(job_status_find(&f, slice_str("\"70E-1\""), &scratch));
	assert_non_null(job_status_find(&f, slice_str("\"0.7e+1\""), &scratch));
	assert_non_null(job_status_find(&f, slice_str("\"7.00\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\" 7\""), &scratch));
	assert_null(job_status_find(&f, slice_str("\"\""), &scratch));
	assert_null(job_status_find(&f, slice_of(NULL, 0), &scratch));
	job_status_clear(&f);
	assert_int_equal(f.n, 0);
	buf_clear(&token);
	buf_clear(&scratch);
}

static void keeps_every_digit_of_an_id(void **state)
{
	static const char page[] =
		RECORDS("{\"record\":12345678901234567890,\"code\":400}") "}";
	struct job_status_failures f = {0};
	struct buf token = {0}, scratch = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(job_status_page(slice_str(page), &f, &token, &e), 0);
	job_status_sort(&f);
	assert_non_null(job_status_find(
		&f, slice_str("\"12345678901234567890\""), &scratch));
	assert_null(job_status_find(&f, slice_str("12345678901234567891"),
				    &scratch));
	job_status_clear(&f);
	buf_clear(&token);
	buf_clear(&scratch);
}

/* A number comes back for an id that looks like one, and for no other. */
static void finds_ids_in_the_form_that_comes_back(void **state)
{
	static const char page[] =
		RECORDS("{\"record\":-5,\"code\":99},"
			"{\"record\":1.5e3,\"code\":1000},"
			"{\"record\":\"-\",\"code\":100},"
			"{\"record\":\"007\",\"code\":999},"
			"{\"record\":\"1.\",\"code\":\"404\"},"
			"{\"record\":\"\",\"code\":404}") "}";
	static const struct {
		const char *id;
		unsigned code;
	} want[] = {{"\"-5\"", 0},  {"-5", 0},        {"\"1.5E3\"", 0},
		    {"\"-\"", 100}, {"\"007\"", 999}, {"\"1.\"", 0},
		    {"\"\"", 404}};
	static const char *const none[] = {"7", "1", "\"5\"", "\"--5\""};
	struct job_status_failures f = {0};
	struct buf token = {0}, scratch = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(job_status_page(slice_str(page), &f, &token, &e), 0);
	assert_int_equal(token.n, 0);
	job_status_sort(&f);
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const struct job_status_failure *one =
			job_status_find(&f, slice_str(want[i].id), &scratch);

		if (!one)
			fail_msg("not found: %s", want[i].id);
		assert_int_equal(one->code, want[i].code);
	}
	for (size_t i = 0; i < COUNT_OF(none); i++)
		assert_null(job_status_find(&f, slice_str(none[i]), &scratch));
	job_status_clear(&f);
	buf_clear(&token);
	buf_clear(&scratch);
}

/* One record fails at two destinations, another at the source. */
static void makes_one_failure_of_those_with_one_id(void **state)
{
	static const char page[] =
		"{\"tasks\":[{\"sources\":[{\"records\":[{\"record\":3,"
		"\"code\":"
		"400}],\"destinations\":[{\"records\":[{\"record\":1,\"code\":"
		"400},{\"record\":2,\"code\":400}]},{\"records\":[{\"record\":"
		"\"1\",\"code\":500},{\"record\":2,\"code\":400}]}]}]}]}";
	static const struct {
		const char *id;
		unsigned entries, code;
	} want[] = {{"1", 2, 0}, {"2", 2, 400}, {"3", 1, 400}};
	struct job_status_failures f = {0};
	struct buf token = {0}, scratch = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(job_status_page(slice_str(page), &f, &token, &e), 0);
	job_status_sort(&f);
	assert_int_equal(f.n, 3);
	assert_int_equal(f.entries, 5);
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const struct job_status_failure *one =
			job_status_find(&f, slice_str(want[i].id), &scratch);

		assert_int_equal(one->entries, want[i].entries);
		assert_int_equal(one->code, want[i].code);
	}
	job_status_clear(&f);
	buf_clear(&token);
	buf_clear(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_is_complete_when_all_its_sources_are),
		cmocka_unit_test(refuses_what_is_not_an_object),
		cmocka_unit_test(
			adds_up_the_counts_of_sources_and_destinations),
		cmocka_unit_test(finds_each_failed_record_of_all_pages),
		cmocka_unit_test(keeps_every_digit_of_an_id),
		cmocka_unit_test(finds_ids_in_the_form_that_comes_back),
		cmocka_unit_test(makes_one_failure_of_those_with_one_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
