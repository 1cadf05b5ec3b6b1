/* test_batch.c - unit tests of send/dest/batch.h */
#include "cmocka_all.h"

#include "send/dest/batch.h"

static const struct batch_frame frame = {"{\"batch\":[", ",", "]}"};
static const struct batch_frame lines = {"", "\n", "\n"};

static void add(struct batch *b, const struct batch_frame *f, const char *event)
{
	struct slice none = {0};

	batch_add(b, f, slice_str(event), none, none, none);
}

static void assert_slice(struct slice got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void frames_the_events_as_they_are(void **state)
{
	struct batch *b = batch_new();

	(void)state;
	add(b, &frame, "{\"a\": 1}");
	add(b, &frame, "{}");
	batch_close(b, &frame);
	assert_true(b->closed);
	assert_slice(buf_all(&b->body), "{\"batch\":[{\"a\": 1},{}]}");
	batch_free(b);
}

static void knows_its_size_beforehand(void **state)
{
	struct batch *b = batch_new();

	(void)state;
	assert_int_equal(batch_bytes_with(b, &frame, 5), 17);
	add(b, &frame, "{   }");
	assert_int_equal(batch_bytes_with(b, &frame, 2), 20);
	add(b, &frame, "{}");
	batch_close(b, &frame);
	assert_int_equal(b->body.n, 20);
	batch_free(b);
}

static void remembers_ids_by_place(void **state)
{
	struct slice e = slice_str("{\"recordId\":\"7\",\"messageId\":\"m\"}");
	struct batch *b = batch_new();

	(void)state;
	for (int i = 0; i < 200; i++) /* the body moves as it grows */
		batch_add(b, &frame, e, slice_of(e.p + 12, 3),
			  slice_of(e.p + 28, 3), slice_of(NULL, 0));
	batch_close(b, &frame);
	for (int i = 0; i < 200; i++) {
		assert_slice(batch_text(b, b->item[i].record), "\"7\"");
		assert_slice(batch_text(b, b->item[i].message), "\"m\"");
		assert_int_equal(b->item[i].action.n, 0);
	}
	batch_free(b);
}

static void gives_any_range_as_a_request(void **state)
{
	struct batch *b = batch_new();
	struct buf scratch = {0};

	(void)state;
	add(b, &frame, "{\"a\":1}");
	add(b, &frame, "{\"b\":2}");
	add(b, &frame, "{\"c\":3}");
	batch_close(b, &frame);
	assert_ptr_equal(batch_range(b, &frame, 0, 3, &scratch).p, b->body.p);
	assert_slice(batch_range(b, &frame, 0, 1, &scratch),
		     "{\"batch\":[{\"a\":1}]}");
	assert_slice(batch_range(b, &frame, 1, 3, &scratch),
		     "{\"batch\":[{\"b\":2},{\"c\":3}]}");
	buf_clear(&scratch);
	batch_free(b);
}

static void is_empty_again_after_a_reset(void **state)
{
	struct batch *b = batch_new();

	(void)state;
	add(b, &frame, "{\"a\":1}");
	batch_close(b, &frame);
	batch_reset(b);
	assert_false(b->closed);
	add(b, &lines, "{}");
	add(b, &lines, "{}");
	batch_close(b, &lines);
	assert_slice(buf_all(&b->body), "{}\n{}\n");
	batch_free(b);
	batch_free(NULL);
}

static void counts_the_memory_it_uses_not_what_it_reserved(void **state)
{
	struct batch *b = batch_new();

	(void)state;
	batch_reserve(b, 1000, 70);
	assert_int_equal(b->body.size, 1000);
	assert_int_equal(b->size, 70);
	assert_int_equal(batch_cost(b), 0);
	add(b, &lines, "{}");
	add(b, &lines, "{}");
	assert_int_equal(batch_cost(b), 5 + 2 * sizeof(struct batch_item));
	assert_int_equal(b->body.size, 1000);
	batch_reset(b);
	assert_int_equal(batch_cost(b), 0);
	assert_int_equal(b->most, 5 + 2 * sizeof(struct batch_item));
	batch_reserve(b, 10, 1); /* never less than it has */
	assert_int_equal(b->body.size, 1000);
	assert_int_equal(b->size, 70);
	batch_free(b);
}

static void puts_some_events_of_a_range_last(void **state)
{
	static const char *const events[] = {"{\"r\":1}", "{\"r\":22}",
					     "{\"r\":3}", "{\"r\":444}",
					     "{\"r\":5}"};
	static const bool last[] = {true, false, true, false};
	static const bool first_last[] = {true, false, false};
	static const char *const want[] = {"22", "444", "1", "3", "5"};
	struct slice none = {0};
	struct buf scratch = {0};
	struct batch *b = batch_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(events); i++) {
		struct slice e = slice_str(events[i]);

		batch_add(b, &frame, e, slice_of(e.p + 5, e.n - 6), none, none);
	}
	batch_close(b, &frame);
	batch_put_last(b, 0, 4, last);
	assert_slice(buf_all(&b->body),
		     "{\"batch\":[{\"r\":22},{\"r\":444},{\"r\":1},{\"r\":3},"
		     "{\"r\":5}]}");
	for (size_t i = 0; i < COUNT_OF(want); i++)
		assert_slice(batch_text(b, b->item[i].record), want[i]);
	assert_slice(batch_range(b, &frame, 2, 4, &scratch),
		     "{\"batch\":[{\"r\":1},{\"r\":3}]}");
	batch_put_last(b, 4, 5, last);
	assert_slice(batch_text(b, b->item[4].event), "{\"r\":5}");
	batch_put_last(b, 2, 5, first_last);
	assert_slice(buf_all(&b->body),
		     "{\"batch\":[{\"r\":22},{\"r\":444},{\"r\":3},{\"r\":5},"
		     "{\"r\":1}]}");
	buf_clear(&scratch);
	batch_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_the_events_as_they_are),
		cmocka_unit_test(knows_its_size_beforehand),
		cmocka_unit_test(remembers_ids_by_place),
		cmocka_unit_test(gives_any_range_as_a_request),
		cmocka_unit_test(puts_some_events_of_a_range_last),
		cmocka_unit_test(is_empty_again_after_a_reset),
		cmocka_unit_test(
			counts_the_memory_it_uses_not_what_it_reserved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
