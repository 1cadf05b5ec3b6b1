/* test_receipt.c - unit tests of send/receipt.h */
#include "cmocka_all.h"

#include "send/receipt.h"

static void assert_buf(struct buf *b, const char *want)
{
	assert_string_equal(buf_cstr(b), want);
	buf_clear(b);
}

static void repeats_the_ids_of_the_event(void **state)
{
	static const struct batch_frame frame = {"[", ",", "]"};
	struct slice e = slice_str("{\"recordId\":7,\"messageId\":\"m\","
				   "\"action\":\"delete\"}");
	struct receipt r = {.status = RECEIPT_ACCEPTED,
			    .code = 200,
			    .attempts = 2,
			    .ms = 12};
	struct batch *batch = batch_new();
	struct buf tail = {0}, b = {0};
	struct slice none = {0};

	(void)state;
	batch_add(batch, &frame, e, slice_of(e.p + 12, 1),
		  slice_of(e.p + 26, 3), slice_of(e.p + 39, 8));
	batch_add(batch, &frame, slice_str("{}"), none, none, none);
	receipt_tail(&tail, &r);
	receipt_event(&b, batch, &batch->item[0], buf_all(&tail));
	assert_buf(&b, "{\"recordId\":7,\"messageId\":\"m\",\"action\":"
		       "\"delete\",\"status\":\"accepted\",\"code\":200,"
		       "\"attempts\":2,\"ms\":12}");
	receipt_event(&b, batch, &batch->item[1], buf_all(&tail));
	assert_buf(&b, "{\"status\":\"accepted\",\"code\":200,\"attempts\":2,"
		       "\"ms\":12}");
	buf_clear(&tail);
	batch_free(batch);
}

static void quotes_whatever_the_reason_holds(void **state)
{
	struct receipt r = {.status = RECEIPT_REJECTED,
			    .code = 400,
			    .attempts = 1,
			    .reason = "say \"no\"\n\xff"};
	struct buf b = {0};

	(void)state;
	receipt_tail(&b, &r);
	assert_buf(&b,
		   "\"status\":\"rejected\",\"code\":400,\"attempts\":1,"
		   "\"ms\":0,\"reason\":\"say \\\"no\\\"\\n\xef\xbf\xbd\"}");
}

static void has_a_word_for_each_status(void **state)
{
	static const char *const words[RECEIPT_STATUSES] = {
		"accepted", "delivered", "rejected", "failed",
		"unknown",  "skipped",   "dry-run",
	};

	(void)state;
	for (int i = 0; i < RECEIPT_STATUSES; i++) {
		const struct receipt r = {.status = (enum receipt_status)i};
		struct buf b = {0};

		receipt_tail(&b, &r);
		assert_memory_equal(b.p + strlen("\"status\":\""), words[i],
				    strlen(words[i]));
		buf_clear(&b);
	}
}

static void names_a_refused_event_by_what_it_has(void **state)
{
	struct buf b = {0};

	(void)state;
	receipt_refused(&b, slice_str("\"7\""), slice_str("\"m\""), 3, false,
			"big");
	assert_buf(&b, "{\"recordId\":\"7\",\"messageId\":\"m\",\"status\":"
		       "\"rejected\",\"code\":0,\"attempts\":0,\"ms\":0,"
		       "\"reason\":\"big\",\"stage\":\"send\",\"line\":3}");
	receipt_refused(&b, slice_of(NULL, 0), slice_of(NULL, 0), 4, false,
			"bad");
	assert_buf(&b, "{\"status\":\"rejected\",\"code\":0,\"attempts\":0,"
		       "\"ms\":0,\"reason\":\"bad\",\"stage\":\"send\","
		       "\"line\":4}");
}

static void notes_what_an_earlier_stage_left_out(void **state)
{
	static const char change[] = "0123456789abcdef0123456789abcdef";
	struct control c = {
		.type = CONTROL_REJECT,
		.action = slice_str("update"),
		.id = slice_str("\"7\""),
		.change = slice_str(change),
		.stage = slice_str("map"),
		.reason = slice_str("\"why\""),
	};
	struct buf b = {0};

	(void)state;
	assert_int_equal(receipt_note(&b, &c, false, false, false),
			 RECEIPT_REJECTED);
	assert_buf(&b, "{\"recordId\":\"7\",\"messageId\":"
		       "\"01234567-89ab-8def-8123-456789abcdef\","
		       "\"action\":\"update\",\"status\":\"rejected\","
		       "\"code\":0,\"attempts\":0,\"ms\":0,"
		       "\"reason\":\"why\",\"stage\":\"map\"}");
	c = (struct control){.type = CONTROL_SKIP};
	assert_int_equal(receipt_note(&b, &c, false, false, true),
			 RECEIPT_SKIPPED);
	assert_buf(&b, "{\"status\":\"skipped\",\"code\":0,\"attempts\":0,"
		       "\"ms\":0,\"late\":true}");
	c.type = CONTROL_REJECT;
	assert_int_equal(receipt_note(&b, &c, true, false, false),
			 RECEIPT_FAILED);
	b.n = 0;
	assert_int_equal(receipt_note(&b, &c, false, true, false),
			 RECEIPT_UNKNOWN);
	assert_buf(&b, "{\"status\":\"unknown\",\"code\":0,\"attempts\":0,"
		       "\"ms\":0,\"refused\":true}");
	assert_int_equal(receipt_note(&b, &c, true, true, false),
			 RECEIPT_UNKNOWN);
	assert_buf(&b, "{\"status\":\"unknown\",\"code\":0,\"attempts\":0,"
		       "\"ms\":0}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeats_the_ids_of_the_event),
		cmocka_unit_test(quotes_whatever_the_reason_holds),
		cmocka_unit_test(has_a_word_for_each_status),
		cmocka_unit_test(names_a_refused_event_by_what_it_has),
		cmocka_unit_test(notes_what_an_earlier_stage_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
