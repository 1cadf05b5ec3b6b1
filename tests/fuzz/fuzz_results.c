/* fuzz_results.c - whatever a program of --results gives: each event has one
 * outcome, and only what is plainly a success is taken
 */
#include "fuzz.h"

#include "core/mem.h"
#include "core/tool.h"
#include "send/dest/batch.h"
#include "send/dest/results.h"
#include "wire/json/json.h"

enum { EVENTS = 3 };

static const struct batch_frame frame = {"[", ",", "]"};

static struct batch *make_batch(void)
{
	struct batch *b = batch_new();

	for (int i = 0; i < EVENTS; i++) {
		struct buf event = {0};
		struct slice all;

		buf_fmt(&event,
			"{\"recordId\":\"%d\",\"messageId\":\"m-%d\","
			"\"action\":\"insert\"}",
			i, i);
		all = buf_all(&event);
		batch_add(b, &frame, all, slice_of(all.p + 12, 3),
			  slice_of(all.p + 28, 5), slice_of(all.p + 43, 8));
		buf_clear(&event);
	}
	batch_close(b, &frame);
	return b;
}

/* The program hands on the answer of the server. */
static struct results *reader(void)
{
	static struct results *x;
	struct err e = {0};

	if (!x) {
		tool_set_log(TOOL_ERROR, false);
		HOLDS(results_open(&x, ".answer", 1, &e) == 0);
	}
	return x;
}

static void check_each(const struct dest_job *job, struct slice answer)
{
	bool says_yes = memmem(answer.p, answer.n, "2", 1) ||
			memmem(answer.p, answer.n, "accepted", 8) ||
			memmem(answer.p, answer.n, "\\u", 2) ||
			memmem(answer.p, answer.n, "index", 5) ||
			memmem(answer.p, answer.n, "id", 2) ||
			slice_is(answer, "[]");

	for (size_t i = 0; i < job->to - job->from; i++) {
		enum reply_class class = job->item[i].class;

		HOLDS(class == REPLY_TAKEN || class == REPLY_REFUSED ||
		      class == REPLY_LATER || class == REPLY_UNKNOWN);
		if (class == REPLY_TAKEN)
			REACHED("an event that is taken");
		else
			REACHED("an event that is not taken");
		HOLDS(class != REPLY_TAKEN || says_yes);
		HOLDS(!job->item[i].why ||
		      json_utf8(slice_str(job->item[i].why)) ==
			      strlen(job->item[i].why));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice answer = slice_of((const char *)data, size);
	struct by_action_statuses ok = {0};
	struct results *x = reader();
	struct batch *b;
	struct dest_job job;

	if (size > 4096)
		return 0;
	b = make_batch();
	job = (struct dest_job){
		.batch = b,
		.to = EVENTS,
		.body = buf_all(&b->body),
		.reply = {.class = REPLY_TAKEN, .status = 200, .sent = 1}};
	results_judge(x, &job, answer, true, &ok);
	if (job.reply.class == REPLY_EACH)
		check_each(&job, answer);
	else
		HOLDS(job.reply.class == REPLY_UNKNOWN ||
		      job.reply.class == REPLY_LATER ||
		      job.reply.class == REPLY_REFUSED ||
		      job.reply.class == REPLY_FATAL ||
		      job.reply.class == REPLY_TAKEN);
	HOLDS(memchr(job.reply.reason, '\0', sizeof(job.reply.reason)));
	batch_free(b);
	return 0;
}
