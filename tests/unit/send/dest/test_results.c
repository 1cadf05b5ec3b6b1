/* test_results.c - unit tests of send/dest/results.h */
#include "cmocka_all.h"

#include <stdio.h>

#include "send/dest/results.h"

static const struct batch_frame frame = {"[", ",", "]"};

/* A job of three events, answered 207. */
static struct batch *made(struct dest_job *job)
{
	struct batch *b = batch_new();

	for (int i = 0; i < 3; i++) {
		char text[64];
		struct slice event, record;

		snprintf(text, sizeof(text), "{\"recordId\":%d}", i + 1);
		event = slice_str(text);
		record = slice_of(text + 12, 1);
		batch_add(b, &frame, event, record, slice_str(""),
			  slice_str(""));
	}
	batch_close(b, &frame);
	*job = (struct dest_job){
		.batch = b,
		.to = 3,
		.reply = {.class = REPLY_UNKNOWN, .status = 207, .final = true},
	};
	return b;
}

static void keeps_each_reason_until_the_next_job(void **state)
{
	static const char answer[] =
		"[{\"id\":3,\"status\":422,\"reason\":\"bad\\nmail\"},"
		"{\"id\":\"1\",\"status\":\"retry\"}]";
	const struct by_action_statuses ok = {0};
	struct dest_job job;
	struct batch *b = made(&job);
	struct results *x;
	struct err e;

	(void)state;
	assert_int_equal(results_open(&x, ".answer", 1, &e), 0);
	results_judge(x, &job, slice_str(answer), true, &ok);
	assert_int_equal(job.reply.class, REPLY_EACH);
	assert_false(job.reply.doubt);
	assert_int_equal(job.item[0].class, REPLY_LATER);
	assert_null(job.item[0].why);
	assert_int_equal(job.item[1].class, REPLY_TAKEN);
	assert_int_equal(job.item[2].class, REPLY_REFUSED);
	assert_string_equal(job.item[2].why, "status 422: bad");
	job.reply = (struct reply){
		.class = REPLY_UNKNOWN, .status = 207, .final = true};
	results_judge(x, &job,
		      slice_str("[{\"id\":2,\"status\":400,\"reason\":7}]"),
		      true, &ok);
	assert_string_equal(job.item[1].why, "status 400: 7");
	results_close(x);
	batch_free(b);
}

static void believes_nothing_of_an_answer_that_broke_off(void **state)
{
	const struct by_action_statuses ok = {0};
	struct dest_job job;
	struct batch *b = made(&job);
	struct results *x;
	struct err e;

	(void)state;
	assert_int_equal(results_open(&x, ".answer", 1, &e), 0);
	results_judge(x, &job, slice_str("[200,200,200]"), false, &ok);
	assert_int_equal(job.reply.class, REPLY_UNKNOWN);
	assert_true(job.reply.doubt);
	assert_true(job.reply.final);
	results_close(x);
	batch_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_each_reason_until_the_next_job),
		cmocka_unit_test(believes_nothing_of_an_answer_that_broke_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
