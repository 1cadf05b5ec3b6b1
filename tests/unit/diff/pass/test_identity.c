/* test_identity.c - unit tests of diff/pass/identity.h */
#include "cmocka_all.h"

#include "diff/pass/identity.h"
#include "scratch.h"

static struct key key;
static struct identity d;

static int setup(void **state)
{
	struct err e;

	(void)state;
	if (key_init(&key, "id", &e) < 0 || key_identify(&key, "email", &e) < 0)
		return -1;
	identity_init(&d, &key, 1, 0, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	identity_clear(&d);
	identity_clear(&d);
	key_clear(&key);
	return 0;
}

static enum new_keys_answer answer(struct identity *in, const char *text)
{
	enum new_keys_answer first;
	struct err e;

	assert_int_equal(identity_first(in, slice_str(text), &first, &e), 0);
	return first;
}

static bool first(const char *text)
{
	return answer(&d, text) == NEW_KEYS_NEW;
}

static bool is(const char *text, bool new)
{
	bool got;
	struct err e;

	assert_int_equal(identity_is(&d, slice_str(text), new, &got, &e), 0);
	return got;
}

static enum identity_place place(const char *text)
{
	return identity_place(&d, slice_str(text));
}

static void is_not_used_without_identities(void **state)
{
	struct identity none;
	struct key plain;
	struct err e;

	(void)state;
	assert_int_equal(key_init(&plain, "id", &e), 0);
	identity_init(&none, &plain, 1, 0, NULL);
	assert_null(none.key);
	identity_clear(&none);
	key_clear(&plain);
}

static void takes_a_row_once_whatever_its_identity(void **state)
{
	(void)state;
	assert_true(first("[7,\"a\"]"));
	assert_false(first("[7,\"b\"]"));
	assert_false(first("[7.0,\"c\"]"));
	assert_true(first("[\"7\",\"a\"]"));
	assert_true(first("[8,null]"));
	assert_true(identity_came(&d, slice_str("8")));
	assert_true(identity_came(&d, slice_str("\"7\"")));
	assert_false(identity_came(&d, slice_str("\"8\"")));
}

static void counts_those_who_are_nobody(void **state)
{
	(void)state;
	assert_false(is("[7,null]", true));
	assert_false(is("[8,null]", false));
	assert_true(is("[9,\"\"]", true));
	assert_int_equal(d.nobody, 2);
}

static void knows_who_has_an_identity_that_is_gone(void **state)
{
	(void)state;
	assert_true(is("[1,5]", true));
	identity_gone(&d, slice_str("[2,\"5\"]"));
	identity_gone(&d, slice_str("[3,\"a\"]"));
	identity_gone(&d, slice_str("[4,\"b\"]"));
	identity_seen(&d, slice_str("[5,\"a\"]"));
	identity_seen(&d, slice_str("[6,\"c\"]"));
	assert_int_equal(place("[2,\"5\"]"), IDENTITY_CAME);
	assert_int_equal(place("[3,\"a\"]"), IDENTITY_DELIVERED);
	assert_int_equal(place("[4,\"b\"]"), IDENTITY_NOWHERE);
	assert_int_equal(d.gone.n, 3);
}

static void lets_an_identity_go_with_its_last_key(void **state)
{
	const char *const text[] = {"[1,\"a\"]", "[2,\"a\"]", "[3,\"a\"]"};

	(void)state;
	for (size_t i = 0; i < 3; i++)
		identity_gone(&d, slice_str(text[i]));
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(identity_leaves(&d, slice_str(text[i]), true),
				 i == 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(place(text[i]), IDENTITY_WAITS);
		identity_left(&d, slice_str(text[i]));
	}
	assert_int_equal(place(text[2]), IDENTITY_NOWHERE);
}

static void keeps_an_identity_for_a_key_that_stays(void **state)
{
	struct slice a = slice_str("[1,\"a\"]"), b = slice_str("[2,\"a\"]");

	(void)state;
	identity_gone(&d, a);
	identity_gone(&d, b);
	assert_int_equal(identity_leaves(&d, a, true), 1);
	assert_int_equal(identity_leaves(&d, b, false), -1);
	assert_int_equal(place("[1,\"a\"]"), IDENTITY_WAITS);
	identity_left(&d, a);
	assert_int_equal(place("[2,\"a\"]"), IDENTITY_WAITS);
	/* the other way round */
	identity_gone(&d, a);
	assert_int_equal(identity_leaves(&d, b, false), 0);
	assert_int_equal(identity_leaves(&d, a, true), 0);
	assert_int_equal(identity_leaves(&d, b, false), 0);
}

/* 2,000 rows of 20 identities in a KiB: what came twice is in doubt until its
 * part is settled.
 */
static void keeps_to_its_memory(void **state)
{
	enum { ROWS = 2000, IDENTITIES = 20 };
	struct identity few;
	struct buf text = {0};
	struct err e;
	unsigned doubts = 0;
	bool has;

	(void)state;
	scratch_enter();
	identity_init(&few, &key, 1, 1024, ".");
	for (int i = 0; i < ROWS; i++) {
		text.n = 0;
		buf_fmt(&text, "[%d,\"%d\"]", i, i % IDENTITIES);
		doubts += answer(&few, buf_cstr(&text)) != NEW_KEYS_NEW;
		assert_int_equal(
			identity_is(&few, slice_str(text.p), true, &has, &e),
			0);
	}
	assert_true(new_keys_spilled(&few.rows));
	assert_true(doubts < ROWS); /* of a filter that is far too small */
	assert_int_equal(answer(&few, "[7,\"other\"]"), NEW_KEYS_MAYBE);
	for (unsigned p = 0; p < NEW_KEYS_PARTS; p++) {
		assert_int_equal(new_keys_settle(&few.rows, p, &e), 0);
		for (int i = 0; i < ROWS; i++) {
			text.n = 0;
			buf_fmt(&text, "[%d,\"x\"]", i);
			buf_cstr(&text);
			if (new_keys_part(
				    identity_row(&few, slice_str(text.p))) == p)
				(void)answer(&few, text.p);
		}
		assert_int_equal(new_keys_settled(&few.rows, true, &e), 0);
	}
	assert_int_equal(new_keys_close(&few.rows, &e), 0);
	assert_true(identity_came(&few, slice_str("1999")));
	assert_false(identity_came(&few, slice_str("2000")));
	identity_decided(&few);
	assert_int_equal(answer(&few, "[7,\"other\"]"), NEW_KEYS_NEW);
	assert_int_equal(identity_close(&few, &e), 0);
	identity_gone(&few, slice_str("[9,\"19\"]"));
	identity_gone(&few, slice_str("[9,\"20\"]"));
	assert_int_equal(identity_place(&few, slice_str("[9,\"19\"]")),
			 IDENTITY_CAME);
	assert_int_equal(identity_place(&few, slice_str("[9,\"20\"]")),
			 IDENTITY_NOWHERE);
	identity_clear(&few);
	buf_clear(&text);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_not_used_without_identities),
		cmocka_unit_test_setup_teardown(
			takes_a_row_once_whatever_its_identity, setup,
			teardown),
		cmocka_unit_test_setup_teardown(counts_those_who_are_nobody,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			knows_who_has_an_identity_that_is_gone, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			lets_an_identity_go_with_its_last_key, setup, teardown),
		cmocka_unit_test_setup_teardown(
			keeps_an_identity_for_a_key_that_stays, setup,
			teardown),
		cmocka_unit_test_setup_teardown(keeps_to_its_memory, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
