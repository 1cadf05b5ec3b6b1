/* test_lane.c - unit tests of send/lane.h */
#include "cmocka_all.h"

#include "send/lane.h"

static const struct batch_frame frame = {"[", ",", "]"};

static struct batch *batch_of(size_t n)
{
	struct batch *b = batch_new();
	struct slice none = {0};

	for (size_t i = 0; i < n; i++)
		batch_add(b, &frame, slice_str("{}"), none, none, none);
	return b;
}

static void push_closed(struct lane *l, size_t n)
{
	struct batch *b = batch_of(n);

	batch_close(b, &frame);
	lane_push(l, b);
}

static void gives_batches_in_order(void **state)
{
	struct lane l = {0};

	(void)state;
	assert_null(lane_next(&l));
	push_closed(&l, 2);
	push_closed(&l, 3);
	assert_int_equal(lane_next(&l)->to, 2);
	batch_free(lane_drop(&l, true));
	assert_int_equal(lane_next(&l)->to, 3);
	batch_free(lane_drop(&l, true));
	assert_null(lane_next(&l));
	assert_null(l.last);
	lane_clear(&l);
}

static void does_not_give_an_open_batch(void **state)
{
	struct lane l = {0};
	struct batch *b = batch_of(2);

	(void)state;
	lane_push(&l, b);
	assert_ptr_equal(lane_open(&l), b);
	assert_null(lane_next(&l));
	batch_close(b, &frame);
	assert_null(lane_open(&l));
	assert_non_null(lane_next(&l));
	lane_clear(&l);
}

static void halves_keep_their_order(void **state)
{
	struct lane l = {0};
	struct lane_part *p;

	(void)state;
	push_closed(&l, 5);
	lane_next(&l)->attempts = 3;
	lane_next(&l)->doubt = true;
	lane_halve(&l, true);
	p = lane_next(&l);
	assert_int_equal(p->from, 0);
	assert_int_equal(p->to, 2);
	assert_int_equal(p->attempts, 3);
	assert_true(p->doubt);
	assert_null(lane_drop(&l, true));
	p = lane_next(&l);
	assert_int_equal(p->from, 2);
	assert_int_equal(p->to, 5);
	assert_int_equal(p->attempts, 3);
	assert_true(p->doubt);
	batch_free(lane_drop(&l, true));
	lane_clear(&l);
}

static void takes_the_first_event_alone(void **state)
{
	struct lane l = {0};
	struct lane_part *p;

	(void)state;
	push_closed(&l, 3);
	lane_next(&l)->doubt = true;
	lane_head(&l);
	p = lane_next(&l);
	assert_int_equal(p->from, 0);
	assert_int_equal(p->to, 1);
	assert_true(p->doubt);
	assert_null(lane_drop(&l, true));
	assert_int_equal(lane_next(&l)->from, 1);
	assert_int_equal(lane_next(&l)->to, 3);
	assert_false(lane_next(&l)->guilty);
	lane_clear(&l);
}

static void finds_events_behind_the_first(void **state)
{
	struct lane l = {0};
	size_t at;

	(void)state;
	assert_null(lane_at(&l, 0, &at));
	push_closed(&l, 3);
	push_closed(&l, 2);
	lane_push(&l, batch_of(1)); /* open */
	(void)lane_next(&l);
	batch_free(lane_drop(&l, true)); /* the parts are of the second then */
	push_closed(&l, 1);
	assert_ptr_equal(lane_at(&l, 1, &at), l.first);
	assert_int_equal(at, 1);
	assert_null(lane_at(&l, 2, &at)); /* in the open one */
	lane_clear(&l);
}

static void keeps_doubt_where_it_belongs(void **state)
{
	struct lane l = {0};

	(void)state;
	push_closed(&l, 4);
	push_closed(&l, 2);
	(void)lane_next(&l);
	lane_halve(&l, false);
	lane_doubt(&l, l.first, 3);
	assert_false(lane_next(&l)->doubt);
	assert_null(lane_drop(&l, true));
	assert_true(lane_next(&l)->doubt);
	lane_doubt(&l, l.first->next, 1);
	batch_free(lane_drop(&l, true));
	assert_true(lane_next(&l)->doubt);
	batch_free(lane_drop(&l, true));
	lane_clear(&l);
}

/* Sends the batch to a destination that refuses the bad events; gives the
 * number of requests, and checks that each bad one was found alone.
 */
static unsigned requests_for(size_t n, const bool *bad, size_t n_bad)
{
	struct lane l = {0};
	struct lane_part *p;
	unsigned requests = 0;
	size_t rejected = 0, next = 0;

	push_closed(&l, n);
	while ((p = lane_next(&l)) != NULL) {
		struct batch *done;
		bool refused = false;

		assert_int_equal(p->from, next); /* in order, none left out */
		if (p->guilty && p->to - p->from > 1) {
			lane_halve(&l, true);
			continue;
		}
		requests++;
		for (size_t i = p->from; i < p->to; i++)
			refused |= bad[i];
		assert_true(refused || !p->guilty);
		if (refused && p->to - p->from > 1) {
			lane_halve(&l, true);
			continue;
		}
		rejected += refused;
		next = p->to;
		done = lane_drop(&l, !refused);
		batch_free(done);
	}
	assert_int_equal(next, n);
	assert_int_equal(rejected, n_bad);
	lane_clear(&l);
	return requests;
}

static unsigned log2_up(size_t n)
{
	unsigned k = 0;

	while ((size_t)1 << k < n)
		k++;
	return k;
}

static void finds_one_bad_event_at_each_place(void **state)
{
	static bool bad[1000];

	(void)state;
	for (size_t n = 1; n <= 1000; n = n < 40 ? n + 1 : n * 5) {
		for (size_t i = 0; i < n; i++) {
			bad[i] = true;
			assert_true(requests_for(n, bad, 1) <=
				    2 * log2_up(n) + 2);
			bad[i] = false;
		}
	}
}

static void finds_every_pair_of_bad_events(void **state)
{
	static bool bad[64];

	(void)state;
	for (size_t i = 0; i < 64; i++) {
		for (size_t k = i + 1; k < 64; k++) {
			bad[i] = bad[k] = true;
			assert_true(requests_for(64, bad, 2) <= 4 * 6 + 2);
			bad[i] = bad[k] = false;
		}
	}
}

static void finds_all_bad_events(void **state)
{
	static bool bad[1000];

	(void)state;
	memset(bad, true, sizeof(bad));
	assert_int_equal(requests_for(1000, bad, 1000), 1999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_batches_in_order),
		cmocka_unit_test(does_not_give_an_open_batch),
		cmocka_unit_test(halves_keep_their_order),
		cmocka_unit_test(takes_the_first_event_alone),
		cmocka_unit_test(finds_events_behind_the_first),
		cmocka_unit_test(keeps_doubt_where_it_belongs),
		cmocka_unit_test(finds_one_bad_event_at_each_place),
		cmocka_unit_test(finds_every_pair_of_bad_events),
		cmocka_unit_test(finds_all_bad_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
