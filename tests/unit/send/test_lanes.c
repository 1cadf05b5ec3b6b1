/* test_lanes.c - unit tests of send/lanes.h */
#include "cmocka_all.h"

#include "core/mem.h"
#include "send/lanes.h"

enum { MIB = 1024 * 1024 };

static struct run_lanes lanes_of(unsigned n)
{
	return (struct run_lanes){
		.frame = {"[", ",", "]"},
		.batch = 4,
		.batch_bytes = 1000,
		.lane = mem_zero(n * sizeof(struct lane)),
		.n = n,
		.memory = MIB,
		.ahead = MIB,
	};
}

/* One event more for a batch, as intake.c does it. */
static void add(struct run_lanes *x, struct batch *b)
{
	struct slice none = {0};
	size_t had = batch_cost(b);

	batch_add(b, &x->frame, slice_str("{\"a\":1}"), none, none, none);
	x->held += batch_cost(b) - had;
}

/* The batch of the lane is sent, and dealt with. */
static void settle(struct run_lanes *x, struct lane *l)
{
	assert_non_null(lane_next(l));
	lanes_drop(x, l, true);
}

static void what_is_held_is_given_back(void **state)
{
	struct run_lanes x = lanes_of(2);
	struct batch *b = lanes_open(&x, &x.lane[1], 7, 0);

	(void)state;
	assert_false(lanes_are_empty(&x));
	add(&x, b);
	add(&x, b);
	lanes_close(&x, b);
	assert_int_equal(x.held, batch_cost(b));
	settle(&x, &x.lane[1]);
	assert_int_equal(x.held, 0);
	assert_true(lanes_are_empty(&x));
	lanes_clear(&x);
}

static void an_empty_batch_is_used_again(void **state)
{
	struct run_lanes x = lanes_of(1);
	struct batch *b = lanes_open(&x, &x.lane[0], 7, 0);

	(void)state;
	add(&x, b);
	lanes_close(&x, b);
	settle(&x, &x.lane[0]);
	assert_ptr_equal(x.spare, b);
	assert_ptr_equal(lanes_open(&x, &x.lane[0], 7, 5), b);
	assert_null(x.spare);
	assert_int_equal(x.spare_bytes, 0);
	assert_int_equal(b->n, 0);
	assert_int_equal(b->born_ms, 5);
	lanes_clear(&x);
}

static void past_the_bound_nothing_is_kept(void **state)
{
	struct run_lanes x = lanes_of(1);
	struct batch *b = lanes_open(&x, &x.lane[0], 7, 0);

	(void)state;
	add(&x, b);
	lanes_close(&x, b);
	assert_true(lanes_have_room(&x));
	x.memory = x.held;
	assert_false(lanes_have_room(&x));
	x.memory = 1;
	settle(&x, &x.lane[0]);
	assert_null(x.spare);
	lanes_clear(&x);
}

static void the_bound_is_as_asked_or_by_the_events(void **state)
{
	struct run_lanes x = lanes_of(8);

	(void)state;
	lanes_bound(&x, 100, 5000);
	assert_int_equal(x.memory, 5000);
	lanes_bound(&x, 100, 0);
	assert_int_equal(x.memory, 12 * MIB);
	x.batch = 1000;
	x.batch_bytes = 4 * MIB;
	lanes_bound(&x, 4096, 0);
	assert_in_range(x.memory, (uint64_t)8 * 1000 * 4096 * 3 / 2,
			(uint64_t)8 * 1000 * 5000 * 3 / 2);
	lanes_clear(&x);
}

/* Of one event a batch, enough for all lanes, and more only where one starves.
 */
static void reads_ahead_while_a_lane_is_empty(void **state)
{
	struct run_lanes x = lanes_of(2);

	(void)state;
	x.batch = 1;
	lanes_bound(&x, 100, 0);
	assert_int_equal(x.memory, 12 * MIB);
	assert_in_range(x.ahead, 2 * 100, MIB);
	add(&x, lanes_open(&x, &x.lane[1], 7, 0));
	x.held += x.ahead;
	assert_true(lanes_have_room(&x));
	add(&x, lanes_open(&x, &x.lane[0], 7, 0));
	assert_false(lanes_have_room(&x));
	x.held -= x.ahead;
	assert_true(lanes_have_room(&x));
	lanes_clear(&x);
}

static void closes_what_has_waited_or_all(void **state)
{
	struct run_lanes x = lanes_of(3);

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		add(&x, lanes_open(&x, &x.lane[i], 7, i * 100));
	x.lane[0].flying = true;
	lanes_close_ready(&x, false, 150, 250);
	assert_non_null(lane_open(&x.lane[0])); /* its turn comes later */
	assert_null(lane_open(&x.lane[1]));
	assert_non_null(lane_open(&x.lane[2]));
	lanes_close_ready(&x, true, 150, 250);
	assert_null(lane_open(&x.lane[2]));
	lanes_clear(&x);
}

static void reaches_into_the_open_batch_and_closes_it(void **state)
{
	struct run_lanes x = lanes_of(1);
	struct batch *first = lanes_open(&x, &x.lane[0], 7, 0), *open;
	size_t at = 9;

	(void)state;
	add(&x, first);
	lanes_close(&x, first);
	open = lanes_open(&x, &x.lane[0], 7, 0);
	assert_null(lanes_reach(&x, &x.lane[0], 1, &at));
	assert_ptr_equal(lane_open(&x.lane[0]), open);
	add(&x, open);
	assert_ptr_equal(lanes_reach(&x, &x.lane[0], 1, &at), open);
	assert_int_equal(at, 0);
	assert_null(lane_open(&x.lane[0]));
	lanes_clear(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_held_is_given_back),
		cmocka_unit_test(an_empty_batch_is_used_again),
		cmocka_unit_test(past_the_bound_nothing_is_kept),
		cmocka_unit_test(the_bound_is_as_asked_or_by_the_events),
		cmocka_unit_test(reads_ahead_while_a_lane_is_empty),
		cmocka_unit_test(closes_what_has_waited_or_all),
		cmocka_unit_test(reaches_into_the_open_batch_and_closes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
