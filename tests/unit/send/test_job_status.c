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
		struct err e = {0};
		bool complete;

		assert_int_equal(job_status_read(slice_str(cases[i].body),
						 &complete, &e),
				 0);
		assert_int_equal(complete, cases[i].complete);
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
		bool complete;

		assert_int_equal(job_status_read(body, &complete, &e), -1);
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
	assert_null(job_status_find(&f, slice_str("2"), &scratch));
	job_status_clear(&f);
	assert_int_equal(f.n, 0);
	buf_clear(&token);
	buf_clear(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_is_complete_when_all_its_sources_are),
		cmocka_unit_test(refuses_what_is_not_an_object),
		cmocka_unit_test(finds_each_failed_record_of_all_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
