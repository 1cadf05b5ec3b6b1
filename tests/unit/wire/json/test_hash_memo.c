/* test_hash_memo.c - unit tests of wire/json/hash_memo.h */
#include "cmocka_all.h"

#include <stdio.h>

#include "wire/json/hash_memo.h"

enum { SEED = 42 };

static struct hash number(uint64_t n)
{
	return (struct hash){.hi = n, .lo = ~n};
}

static void knows_what_it_was_given(void **state)
{
	struct hash_memo *m = hash_memo_new(SEED);
	struct slice text = slice_str("\"settings\":{\"theme\":\"dark\"}");
	struct hash h;

	(void)state;
	assert_int_equal(hash_memo_seed(m), SEED);
	assert_false(hash_memo_find(m, text, &h));
	hash_memo_keep(m, text, number(7));
	assert_true(hash_memo_find(m, text, &h));
	assert_true(hash_eq(h, number(7)));
	assert_false(hash_memo_find(m, slice_of(text.p, text.n - 1), &h));
	hash_memo_free(m);
	hash_memo_free(NULL);
}

/* There are more texts than places, so that some take those of others. Each is
 * asked for three times.
 */
static void never_gives_the_hash_of_another_text(void **state)
{
	struct hash_memo *m = hash_memo_new(SEED);
	unsigned known = 0;

	(void)state;
	for (unsigned i = 0; i < 6000; i++) {
		unsigned n = i / 3 % 300;
		char text[16];
		struct slice s;
		struct hash h;

		snprintf(text, sizeof(text), "%u", 1000 + n);
		s = slice_str(text);
		if (!hash_memo_find(m, s, &h)) {
			hash_memo_keep(m, s, number(n));
			continue;
		}
		assert_true(hash_eq(h, number(n)));
		known++;
	}
	assert_true(known >= 4000);
	hash_memo_free(m);
}

static void leaves_long_texts_alone(void **state)
{
	struct hash_memo *m = hash_memo_new(SEED);
	char text[HASH_MEMO_TEXT + 1];
	struct hash h;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t n = HASH_MEMO_TEXT; n <= HASH_MEMO_TEXT + 1; n++) {
		assert_false(hash_memo_find(m, slice_of(text, n), &h));
		hash_memo_keep(m, slice_of(text, n), number(n));
	}
	assert_true(hash_memo_find(m, slice_of(text, HASH_MEMO_TEXT), &h));
	assert_true(hash_eq(h, number(HASH_MEMO_TEXT)));
	assert_false(hash_memo_find(m, slice_of(text, HASH_MEMO_TEXT + 1), &h));
	hash_memo_free(m);
}

/* Among many texts of which each comes once, one that comes each time is not
 * known for a while, and known again when the others have stopped.
 */
static void rests_where_texts_do_not_come_again(void **state)
{
	struct hash_memo *m = hash_memo_new(SEED);
	struct slice often = slice_str("often");
	unsigned unknown = 0;
	struct hash h;

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		char text[16];

		snprintf(text, sizeof(text), "once %u", i);
		assert_false(hash_memo_find(m, slice_str(text), &h));
		hash_memo_keep(m, slice_str(text), number(i));
	}
	while (!hash_memo_find(m, often, &h)) {
		hash_memo_keep(m, often, number(1));
		assert_true(++unknown < 2000);
	}
	assert_true(unknown > 500);
	for (unsigned i = 0; i < 5000; i++)
		assert_true(hash_memo_find(m, often, &h));
	hash_memo_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_it_was_given),
		cmocka_unit_test(never_gives_the_hash_of_another_text),
		cmocka_unit_test(leaves_long_texts_alone),
		cmocka_unit_test(rests_where_texts_do_not_come_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
