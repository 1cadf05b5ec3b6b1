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

/* What each status of a result means for its event. */
static void reads_each_status(void **state)
{
	static const struct {
		const char *status;
		enum reply_class class;
	} cases[] = {
		{"200", REPLY_TAKEN},          {"299", REPLY_TAKEN},
		{"404", REPLY_TAKEN},          {"300", REPLY_UNKNOWN},
		{"399", REPLY_UNKNOWN},        {"400", REPLY_REFUSED},
		{"403", REPLY_REFUSED},        {"408", REPLY_UNKNOWN},
		{"409", REPLY_LATER},          {"410", REPLY_REFUSED},
		{"423", REPLY_LATER},          {"425", REPLY_LATER},
		{"429", REPLY_LATER},          {"499", REPLY_REFUSED},
		{"500", REPLY_UNKNOWN},        {"599", REPLY_UNKNOWN},
		{"\"accepted\"", REPLY_TAKEN}, {"\"rejected\"", REPLY_REFUSED},
		{"\"retry\"", REPLY_LATER},    {"\"unknown\"", REPLY_UNKNOWN},
	};
	struct by_action_statuses ok = {0};
	struct dest_job job;
	struct batch *b = made(&job);
	struct results *x;
	struct err e;
	char text[64];

	(void)state;
	ok.v[BY_OTHERS][ok.n[BY_OTHERS]++] = 404;
	assert_int_equal(results_open(&x, ".answer", 1, &e), 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		snprintf(text, sizeof(text), "[%s,400,{\"status\":%s}]",
			 cases[i].status, cases[i].status);
		job.reply = (struct reply){
			.class = REPLY_UNKNOWN, .status = 207, .final = true};
		results_judge(x, &job, slice_str(text), true, &ok);
		assert_int_equal(job.reply.class, REPLY_EACH);
		assert_int_equal(job.item[0].class, cases[i].class);
		assert_int_equal(job.item[1].class, REPLY_REFUSED);
		assert_int_equal(job.item[2].class, cases[i].class);
	}
	results_close(x);
	batch_free(b);
}

/* An answer of which nothing is believed: no event is settled by it. */
static void settles_nothing_by_what_it_cannot_read(void **state)
{
	static const char *const answers[] = {
		"[199,200,200]",
		"[600,200,200]",
		"[200,200,\"gone\"]",
		"[200,200,null]",
		"[200,200,-1]",
		"[200,200,{}]",
		"[200,200]",
		"[200,200,200,200]",
		"{}",
		"\"[]\"",
		"[{\"id\":1,\"status\":200},200,200]",
		"[200,{\"id\":1,\"status\":200},200]",
		"[{\"id\":1,\"status\":200},{\"id\":\"1\",\"status\":200}]",
		"[{\"id\":4,\"status\":200}]",
		"[{\"id\":\"\",\"status\":200}]",
		"[{\"index\":3,\"status\":200}]",
		"[{\"index\":-1,\"status\":200}]",
		"",
		"[1 2",
		"[{\"id\":{},\"status\":200}]",
		"[{\"reason\":\"no\",\"id\":1}]",
		"[{\"index\":0,\"status\":200},{\"index\":0,\"status\":400}]",
	};
	const struct by_action_statuses ok = {0};
	struct dest_job job;
	struct batch *b = made(&job);
	struct results *x;
	struct err e;

	(void)state;
	assert_int_equal(results_open(&x, ".answer", 1, &e), 0);
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		job.reply = (struct reply){
			.class = REPLY_UNKNOWN, .status = 207, .final = true};
		results_judge(x, &job, slice_str(answers[i]), true, &ok);
		assert_int_not_equal(job.reply.class, REPLY_EACH);
		assert_int_not_equal(job.reply.class, REPLY_TAKEN);
		assert_true(job.reply.doubt);
	}
	results_close(x);
	batch_free(b);
}

/* By place, by the id of the row in either form, and with any reason. */
static void finds_the_event_of_a_result(void **state)
{
	static const struct {
		const char *answer, *why; /* of the second event */
	} cases[] = {
		{"[{\"index\":1,\"status\":400}]", "status 400"},
		{"[{\"id\":2,\"status\":400,\"reason\":\"no\"}]",
		 "status 400: no"},
		{"[{\"id\":\"2\",\"status\":\"rejected\",\"reason\":\"no\"}]",
		 "no"},
		{"[{\"id\":2,\"status\":\"rejected\",\"reason\":{\"a\":1}}]",
		 "{\"a\":1}"},
		{"[{\"id\":2,\"status\":\"rejected\"}]", NULL},
	};
	const struct by_action_statuses ok = {0};
	struct dest_job job;
	struct batch *b = made(&job);
	struct results *x;
	struct err e;

	(void)state;
	assert_int_equal(results_open(&x, ".answer", 1, &e), 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		job.reply = (struct reply){
			.class = REPLY_UNKNOWN, .status = 207, .final = true};
		results_judge(x, &job, slice_str(cases[i].answer), true, &ok);
		assert_int_equal(job.reply.class, REPLY_EACH);
		assert_int_equal(job.item[0].class, REPLY_TAKEN);
		assert_int_equal(job.item[1].class, REPLY_REFUSED);
		assert_int_equal(job.item[2].class, REPLY_TAKEN);
		if (cases[i].why)
			assert_string_equal(job.item[1].why, cases[i].why);
		else
			assert_null(job.item[1].why);
	}
	results_close(x);
	batch_free(b);
}

/* One outcome of all is that of the request. */
static void takes_one_outcome_of_all(void **state)
{
	static const struct {
		const char *answer, *reason;
		enum reply_class class;
		bool again;
	} cases[] = {
		{"[200,201,\"accepted\"]", "", REPLY_TAKEN, false},
		{"[429,429,429]", "HTTP 207: status 429", REPLY_LATER, true},
		{"[\"retry\",\"retry\",\"retry\"]",
		 "HTTP 207: none is accepted", REPLY_LATER, true},
		{"[{\"status\":\"unknown\",\"reason\":\"busy\"},500,500]",
		 "HTTP 207: busy", REPLY_UNKNOWN, false},
	};
	const struct by_action_statuses ok = {0};
	struct dest_job job;
	struct batch *b = made(&job);
	struct results *x;
	struct err e;

	(void)state;
	assert_int_equal(results_open(&x, ".answer", 1, &e), 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		job.reply = (struct reply){
			.class = REPLY_UNKNOWN, .status = 207, .final = true};
		results_judge(x, &job, slice_str(cases[i].answer), true, &ok);
		assert_int_equal(job.reply.class, cases[i].class);
		assert_int_equal(job.reply.again, cases[i].again);
		assert_string_equal(job.reply.reason, cases[i].reason);
		assert_false(job.reply.final);
	}
	/* of refusals each event has its own */
	job.reply = (struct reply){.status = 207};
	results_judge(x, &job, slice_str("[400,400,400]"), true, &ok);
	assert_int_equal(job.reply.class, REPLY_EACH);
	job.to = 1;
	job.reply = (struct reply){.status = 200};
	results_judge(x, &job, slice_str("[400]"), true, &ok);
	assert_int_equal(job.reply.class, REPLY_REFUSED);
	assert_string_equal(job.reply.reason, "HTTP 200: status 400");
	results_close(x);
	batch_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_each_reason_until_the_next_job),
		cmocka_unit_test(reads_each_status),
		cmocka_unit_test(settles_nothing_by_what_it_cannot_read),
		cmocka_unit_test(finds_the_event_of_a_result),
		cmocka_unit_test(believes_nothing_of_an_answer_that_broke_off),
		cmocka_unit_test(takes_one_outcome_of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
