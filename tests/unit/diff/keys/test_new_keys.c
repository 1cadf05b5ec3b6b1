/* test_new_keys.c - unit tests of diff/keys/new_keys.h */
#include "cmocka_all.h"

#include <sys/resource.h>
#include <unistd.h>

#include "diff/keys/new_keys.h"
#include "scratch.h"

enum { KEYS = 20000 };

static struct hash key(uint64_t i)
{
	static const struct hash zero;

	return i == 0 ? zero : hash_bytes(&i, sizeof(i), 1);
}

static enum new_keys_answer add(struct new_keys *f, struct hash k)
{
	enum new_keys_answer a = NEW_KEYS_MAYBE;
	struct err e;

	assert_int_equal(new_keys_add(f, k, &a, &e), 0);
	new_keys_touch(f, k);
	return a;
}

static void knows_new_keys_from_old(void **state)
{
	struct new_keys f;

	(void)state;
	new_keys_init(&f, 0, ".");
	for (uint64_t i = 0; i < KEYS; i++) {
		assert_false(new_keys_has(&f, key(i)));
		assert_int_equal(add(&f, key(i)), NEW_KEYS_NEW);
		assert_int_equal(add(&f, key(i)), NEW_KEYS_SEEN);
		assert_int_equal(add(&f, key(i / 2)), NEW_KEYS_SEEN);
	}
	assert_false(new_keys_spilled(&f));
	for (uint64_t i = 0; i < 2 * KEYS; i++)
		assert_int_equal(new_keys_has(&f, key(i)), i < KEYS);
	new_keys_clear(&f);
}

static void takes_about_30_bytes_a_key_at_most(void **state)
{
	struct new_keys f;

	(void)state;
	new_keys_init(&f, 0, ".");
	for (uint64_t i = 1; i < 30 * KEYS; i++) {
		add(&f, key(i));
		if (i > KEYS && f.all.size * sizeof(struct hash) > i * 31)
			fail_msg("%zu bytes for %ju keys",
				 f.all.size * sizeof(struct hash),
				 (uintmax_t)i);
	}
	new_keys_clear(&f);
}

/* Bytes of addresses that are in use. */
static rlim_t in_use(void)
{
	char text[64] = "";
	FILE *f = fopen("/proc/self/statm", "r");

	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	return strtoul(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Where a large table cannot have what it may need later. */
static void needs_no_more_addresses_than_memory(void **state)
{
	enum { MANY = 15 * KEYS, ALLOWED = 60 * 1024 * 1024 };
	struct rlimit before, now;
	struct new_keys f;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	now = before;
	now.rlim_cur = in_use() + ALLOWED;
	assert_int_equal(setrlimit(RLIMIT_AS, &now), 0);
	new_keys_init(&f, 0, ".");
	for (uint64_t i = 0; i < MANY; i++)
		assert_int_equal(add(&f, key(i)), NEW_KEYS_NEW);
	assert_true(f.all.size * sizeof(struct hash) > 4 * 1024 * 1024);
	assert_int_equal(f.all.mapped, 0);
	for (uint64_t i = 0; i < 2 * MANY; i++)
		assert_int_equal(new_keys_has(&f, key(i)), i < MANY);
	new_keys_clear(&f);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
}

/* In place, several times. */
static void keeps_all_keys_as_it_grows(void **state)
{
	enum { MANY = 60 * KEYS };
	struct new_keys f;

	(void)state;
	new_keys_init(&f, 0, ".");
	for (uint64_t i = 0; i < MANY; i++)
		assert_int_equal(add(&f, key(i)), NEW_KEYS_NEW);
	for (uint64_t i = 0; i < 2 * MANY; i++)
		assert_int_equal(new_keys_has(&f, key(i)), i < MANY);
	new_keys_clear(&f);
}

/* Whatever it said on the way, at the end each key was new exactly once. */
static void says_new_once_whatever_its_memory(void **state)
{
	static const size_t memory[] = {1, 20000, 100000, 400000};
	static int new[KEYS], maybe[KEYS];

	(void)state;
	for (size_t m = 0; m < COUNT_OF(memory); m++) {
		struct new_keys f;
		struct err e;
		size_t n_maybe = 0, n_other = 0;

		memset(new, 0, sizeof(new));
		memset(maybe, 0, sizeof(maybe));
		new_keys_init(&f, memory[m], ".");
		for (uint64_t i = 0; i < 2 * KEYS; i++) {
			uint64_t k = i < KEYS ? i : i - KEYS;
			enum new_keys_answer a = add(&f, key(k));

			/* what came is never new again */
			if (i >= KEYS)
				assert_int_not_equal(a, NEW_KEYS_NEW);
			assert_true(new_keys_may(&f, key(k)));
			if (memory[m] == 100000)
				n_other += new_keys_may(&f, key(k + 2 * KEYS));
			new[k] += a == NEW_KEYS_NEW;
			maybe[k] += a == NEW_KEYS_MAYBE;
			n_maybe += i < KEYS && a == NEW_KEYS_MAYBE;
		}
		assert_true(new_keys_spilled(&f));
		if (memory[m] == 100000) /* 15 bits a key */
			assert_true(n_maybe < KEYS / 20);
		assert_true(n_other < 2 * KEYS / 10);
		for (unsigned p = 0; p < NEW_KEYS_PARTS; p++) {
			assert_int_equal(new_keys_settle(&f, p, &e), 0);
			for (uint64_t k = 1; k < KEYS; k++) {
				for (;
				     new_keys_part(key(k)) == p && maybe[k] > 0;
				     maybe[k]--)
					new[k] +=
						add(&f, key(k)) == NEW_KEYS_NEW;
			}
			assert_int_equal(new_keys_settled(&f, true, &e), 0);
		}
		assert_int_equal(new_keys_close(&f, &e), 0);
		for (uint64_t k = 0; k < KEYS; k++)
			assert_int_equal(new[k], 1);
		for (uint64_t k = 0; k < 2 * KEYS; k++)
			assert_int_equal(new_keys_has(&f, key(k)), k < KEYS);
		new_keys_clear(&f);
	}
}

static void says_where_it_cannot_write(void **state)
{
	enum new_keys_answer a;
	struct new_keys f;
	struct err e = {0};
	uint64_t i = 0;

	(void)state;
	new_keys_init(&f, 100000, "no-such-folder");
	while (i < KEYS && new_keys_add(&f, key(i), &a, &e) == 0)
		i++;
	assert_true(i < KEYS);
	assert_int_equal(e.kind, ERR_CREATE);
	new_keys_clear(&f);
}

static int enter(void **state)
{
	(void)state;
	scratch_enter();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	scratch_leave();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_new_keys_from_old),
		cmocka_unit_test(takes_about_30_bytes_a_key_at_most),
		cmocka_unit_test(needs_no_more_addresses_than_memory),
		cmocka_unit_test(keeps_all_keys_as_it_grows),
		cmocka_unit_test(says_new_once_whatever_its_memory),
		cmocka_unit_test(says_where_it_cannot_write),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
