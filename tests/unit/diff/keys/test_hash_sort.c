/* test_hash_sort.c - unit tests of diff/keys/hash_sort.h */
#include "cmocka_all.h"

#include "diff/keys/hash_sort.h"

/* A sequence that jumps, the same each time. */
static uint64_t jump(uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return *x ^ *x >> 29;
}

static void fill(struct hash_sort *s, size_t n, unsigned same_bits,
		 uint64_t mask)
{
	uint64_t x = n;

	hash_sort_room(s, n);
	for (size_t i = 0; i < n; i++)
		s->item[s->n++] = (struct hash_sort_item){
			.hi = (jump(&x) & mask) >> same_bits,
			.i = (uint32_t)i,
		};
}

static void orders_hashes_and_leaves_equal_ones_in_their_order(void **state)
{
	static const size_t n[] = {0, 1, 2, 3, 1000, 20000, 500};
	static const unsigned same_bits[] = {0, 10};
	/* the second: few hashes that are all far from even */
	static const uint64_t mask[] = {UINT64_MAX, 7};
	struct hash_sort s = {.n = 0};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(n) * 4; k++) {
		uint64_t sum = 0, want = 0;
		size_t m = n[k / 4];

		if (k % 2 == 1 && m > 1000)
			m = 1000; /* which is slow */
		fill(&s, m, k % 2 == 1 ? 0 : same_bits[k / 2 % 2], mask[k % 2]);
		for (size_t i = 0; i < s.n; i++)
			want += s.item[i].hi ^ s.item[i].i;
		hash_sort_now(&s, k % 2 == 1 ? 0 : same_bits[k / 2 % 2]);
		assert_int_equal(s.n, m);
		for (size_t i = 0; i < s.n; i++) {
			sum += s.item[i].hi ^ s.item[i].i;
			if (i == 0)
				continue;
			assert_true(s.item[i - 1].hi <= s.item[i].hi);
			if (s.item[i - 1].hi == s.item[i].hi)
				assert_true(s.item[i - 1].i < s.item[i].i);
		}
		assert_int_equal(sum, want);
	}
	hash_sort_clear(&s);
	hash_sort_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			orders_hashes_and_leaves_equal_ones_in_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
