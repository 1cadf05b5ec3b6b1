/* test_turns.c - unit tests of diff/pass/quota.h */
#include "cmocka_all.h"

#include <stdlib.h>

#include "core/mem.h"
#include "diff/pass/quota.h"
#include "diff/state/absent_runs.h"

static struct hash key(uint64_t i)
{
	return hash_bytes(&i, sizeof(i), 1);
}

/* What one run notes for the next. */
struct notes {
	struct buf promised, hand;
};

/* A run in which all of n keys are due, in this order; those that leave are
 * marked with the number of the run.
 */
static uint64_t run(struct notes *was, size_t n, uint64_t limit,
		    unsigned number, unsigned *served)
{
	struct notes now = {.promised = {0}};
	struct quota t;
	uint64_t sent;

	quota_init(&t, limit, buf_all(&was->promised), buf_all(&was->hand));
	for (size_t i = 0; i < n; i++) {
		if (quota_take(&t, key(i)))
			served[i] = number;
	}
	quota_promise(&t, &now.promised, &now.hand);
	sent = t.sent;
	assert_int_equal(t.sent + t.waiting, n);
	quota_clear(&t);
	buf_clear(&was->promised);
	buf_clear(&was->hand);
	*was = now;
	return sent;
}

static void lets_nobody_starve(void **state)
{
	static const struct {
		size_t n;
		uint64_t limit;
	} cases[] = {{1, 1}, {10, 1}, {10, 3}, {100, 7}, {100, 99}, {1000, 64}};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(cases); k++) {
		size_t n = cases[k].n;
		unsigned rounds = (unsigned)(n / cases[k].limit) + 2;
		unsigned *served = mem_zero(n * sizeof(*served));
		struct notes notes = {.promised = {0}};

		/* all are due in every run, in the same order */
		for (unsigned r = 1; r <= 5 * rounds; r++) {
			uint64_t sent =
				run(&notes, n, cases[k].limit, r, served);

			assert_int_equal(
				sent, n < cases[k].limit ? n : cases[k].limit);
			for (size_t i = 0; i < n && r >= rounds; i++) {
				if (served[i] + rounds <= r)
					fail_msg("%zu of %zu waits", i, n);
			}
		}
		buf_clear(&notes.promised);
		buf_clear(&notes.hand);
		free(served);
	}
}

static void keeps_places_for_promised_keys(void **state)
{
	struct buf promised = {0};
	struct hash two = key(2), four = key(4);
	struct quota t;

	(void)state;
	buf_add(&promised, hash_order(two, four) < 0 ? &two : &four,
		sizeof(two));
	buf_add(&promised, hash_order(two, four) < 0 ? &four : &two,
		sizeof(two));
	quota_init(&t, 3, buf_all(&promised), slice_str(""));
	assert_true(quota_take(&t, key(1)));
	assert_false(quota_take(&t, key(3)));
	assert_true(quota_take(&t, two));
	assert_false(quota_take(&t, key(5)));
	assert_true(quota_take(&t, four));
	assert_int_equal(t.waiting, 2);
	quota_clear(&t);
	/* one that comes without a change gives its place away */
	quota_init(&t, 2, buf_all(&promised), slice_str(""));
	quota_pass(&t, two);
	assert_true(quota_take(&t, key(1)));
	assert_false(quota_take(&t, key(3)));
	assert_true(quota_take(&t, four));
	quota_clear(&t);
	/* and so does the last of them */
	quota_init(&t, 2, buf_all(&promised), slice_str(""));
	quota_pass(&t, two);
	quota_pass(&t, four);
	assert_true(quota_take(&t, key(1)));
	assert_true(quota_take(&t, key(3)));
	assert_false(quota_take(&t, key(5)));
	quota_clear(&t);
	/* a promise that a lower limit does not keep is made again */
	quota_init(&t, 1, buf_all(&promised), slice_str(""));
	assert_true(quota_take(&t, two));
	assert_false(quota_take(&t, four));
	buf_clear(&promised);
	quota_promise(&t, &promised, &t.next);
	assert_int_equal(promised.n, sizeof(four));
	assert_memory_equal(promised.p, &four, sizeof(four));
	quota_clear(&t);
	buf_clear(&promised);
}

static void add_key(struct buf *keys, struct hash key)
{
	buf_add(keys, &key, sizeof(key));
}

/* Keys are their own hashes here, so that their order is known. */
static void promises_exactly_the_nearest_from_the_hand_on(void **state)
{
	static const struct {
		const char *label;
		struct hash was[4]; /* promised, all of which come first */
		struct hash others[8];
		size_t n_was, n_others;
		struct hash promised[3], hand;
		size_t n;
	} cases[] = {
		{.label = "going round",
		 .others = {{1, 1},
			    {2, 2},
			    {3, 3},
			    {4, 9},
			    {9, 1},
			    {6, 4},
			    {5, 6},
			    {6, 5}},
		 .n_others = 8,
		 .promised = {{5, 6}, {6, 4}, {6, 5}},
		 .hand = {6, 5},
		 .n = 3},
		{.label = "beyond the highest",
		 .others = {{1, 1}, {2, 2}, {3, 3}, {4, 5}, {5, 3}, {4, 9}},
		 .n_others = 6,
		 .promised = {{4, 5}, {4, 9}, {5, 3}},
		 .hand = {5, 3},
		 .n = 3},
		{.label = "the hand itself is the last",
		 .others = {{1, 1}, {2, 2}, {3, 3}, {5, 5}, {4, 5}},
		 .n_others = 5,
		 .promised = {{4, 5}, {5, 5}},
		 .hand = {5, 5},
		 .n = 2},
		{.label = "and has no place when there are enough others",
		 .others = {{1, 1},
			    {2, 2},
			    {3, 3},
			    {5, 5},
			    {4, 5},
			    {6, 4},
			    {9, 9}},
		 .n_others = 7,
		 .promised = {{4, 5}, {6, 4}, {9, 9}},
		 .hand = {4, 5},
		 .n = 3},
		{.label = "after those that had a promise",
		 .was = {{1, 1}, {2, 2}, {3, 3}, {8, 8}},
		 .n_was = 4,
		 .others = {{9, 9}, {6, 6}, {7, 7}, {5, 6}},
		 .n_others = 4,
		 .promised = {{5, 6}, {6, 6}, {8, 8}},
		 .hand = {6, 6},
		 .n = 3},
	};
	const struct hash five = {5, 5};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(cases); k++) {
		struct buf was = {0}, hand = {0}, promised = {0}, next = {0},
			   want = {0};
		struct quota t;

		for (size_t i = 0; i < cases[k].n_was; i++)
			add_key(&was, cases[k].was[i]);
		for (size_t i = 0; i < cases[k].n; i++)
			add_key(&want, cases[k].promised[i]);
		add_key(&hand, five);
		quota_init(&t, 3, buf_all(&was), buf_all(&hand));
		for (size_t i = 0; i < cases[k].n_was; i++)
			assert_int_equal(quota_take(&t, cases[k].was[i]),
					 i < 3);
		for (size_t i = 0; i < cases[k].n_others; i++)
			assert_int_equal(quota_take(&t, cases[k].others[i]),
					 cases[k].n_was + i < 3);
		quota_promise(&t, &promised, &next);
		if (!slice_eq(buf_all(&promised), buf_all(&want)))
			fail_msg("%s: another promise", cases[k].label);
		if (next.n != sizeof(five) ||
		    memcmp(next.p, &cases[k].hand, sizeof(five)) != 0)
			fail_msg("%s: another hand", cases[k].label);
		quota_clear(&t);
		buf_clear(&was);
		buf_clear(&hand);
		buf_clear(&promised);
		buf_clear(&next);
		buf_clear(&want);
	}
}

static void has_no_limit_when_none_is_given(void **state)
{
	struct quota t;

	(void)state;
	quota_init(&t, 0, slice_str(""), slice_str(""));
	for (uint64_t i = 0; i < 100; i++)
		assert_true(quota_take(&t, key(i)));
	assert_int_equal(t.waiting, 0);
	quota_clear(&t);
	quota_clear(&t);
}

static void counts_missed_runs_by_key(void **state)
{
	struct buf b = {0};

	(void)state;
	for (uint32_t i = 0; i < 100; i++)
		absent_runs_add(
			&b, (struct absent_runs){key(i), i + 1, i % 3 == 0});
	absent_runs_order(&b);
	for (uint32_t i = 0; i < 100; i++) {
		assert_int_equal(absent_runs_of(buf_all(&b), key(i)), i + 1);
		assert_int_equal(absent_runs_open(buf_all(&b), key(i)),
				 i % 3 == 0);
	}
	assert_int_equal(absent_runs_of(buf_all(&b), key(100)), 0);
	assert_int_equal(absent_runs_of(slice_str(""), key(1)), 0);
	buf_clear(&b);
	absent_runs_order(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_nobody_starve),
		cmocka_unit_test(keeps_places_for_promised_keys),
		cmocka_unit_test(promises_exactly_the_nearest_from_the_hand_on),
		cmocka_unit_test(has_no_limit_when_none_is_given),
		cmocka_unit_test(counts_missed_runs_by_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
