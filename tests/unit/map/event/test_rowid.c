/* test_rowid.c - unit tests of map/event/rowid.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "map/event/rowid.h"

static void counts_in_place_and_from_anywhere(void **state)
{
	static const uint64_t numbers[] = {1,   2,   9,   10, 11, 99,
					   100, 199, 200, 5,  6,  UINT64_MAX};
	struct rowid id = {0};
	struct buf want = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		rowid_set(&id, numbers[i], slice_str("x"));
		want.n = 0;
		buf_fmt(&want, "\"%ju\"", (uintmax_t)numbers[i]);
		assert_true(slice_eq(rowid_record(&id), buf_all(&want)));
	}
	buf_clear(&want);
}

static void makes_a_uuid_of_version_8(void **state)
{
	struct rowid id = {0};
	char uuid[41] = {0}, hex[33] = {0}, digits[33];

	(void)state;
	for (uint64_t n = 1; n < 200; n++) {
		rowid_set(&id, n, slice_str("{\"id\":1}"));
		rowid_message(uuid, &id);
		uuid[36] = '\0'; /* it may write 40 bytes */
		rowid_hex(hex, &id);
		assert_int_equal(strspn(hex, "0123456789abcdef"), 32);
		assert_int_equal(strspn(uuid, "0123456789abcdef-"), 36);
		assert_int_equal(uuid[8], '-');
		assert_int_equal(uuid[9], hex[8]);
		assert_int_equal(uuid[13], '-');
		assert_int_equal(uuid[14], hex[12]);
		assert_int_equal(uuid[18], '-');
		assert_int_equal(uuid[19], hex[16]);
		assert_int_equal(uuid[23], '-');
		assert_int_equal(uuid[24], hex[20]);
		assert_int_equal(uuid[14], '8');
		assert_non_null(strchr("89ab", uuid[19]));
		assert_memory_equal(uuid, hex, 8);
		assert_memory_equal(uuid + 24, hex + 20, 12);
		snprintf(digits, sizeof(digits), "%016jx%016jx",
			 (uintmax_t)id.uuid[0], (uintmax_t)id.uuid[1]);
		assert_string_equal(hex, digits);
	}
}

static int order(const void *a, const void *b)
{
	return memcmp(a, b, 2 * sizeof(uint64_t));
}

/* One byte or one number makes another id, at each place of texts of lengths
 * around those at which the hash takes another way.
 */
static void tells_near_texts_apart(void **state)
{
	static uint64_t ids[8192][2];
	struct rowid id = {0};
	size_t n = 0;

	(void)state;
	for (size_t length = 0; length <= 200; length += 10) {
		char text[200];

		memset(text, 'a', sizeof(text));
		for (size_t i = 0; i <= length && n < COUNT_OF(ids); i++) {
			if (i < length)
				text[i] ^= 1;
			rowid_set(&id, 7, slice_of(text, length));
			memcpy(ids[n++], id.uuid, sizeof(id.uuid));
			if (i < length)
				text[i] ^= 1;
		}
		rowid_set(&id, 8, slice_of(text, length));
		memcpy(ids[n++], id.uuid, sizeof(id.uuid));
	}
	qsort(ids, n, sizeof(ids[0]), order);
	for (size_t i = 1; i < n; i++)
		assert_memory_not_equal(ids[i - 1], ids[i], sizeof(ids[0]));
}

static void tells_models_and_mappings_apart(void **state)
{
	struct rowid id[3] = {{.model = 0}, {.model = 1}, {.model = 2}};
	struct rowid mixed;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(id); i++)
		rowid_set(&id[i], 1, slice_str("{\"id\":1}"));
	assert_int_not_equal(id[0].uuid[0], id[1].uuid[0]);
	assert_int_not_equal(id[1].uuid[0], id[2].uuid[0]);
	mixed = id[0];
	rowid_mix(&mixed, 0xffffffff);
	assert_int_equal(mixed.uuid[0], id[0].uuid[0]);
	assert_int_equal(mixed.uuid[1], id[0].uuid[1] ^ 0xffffffff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_in_place_and_from_anywhere),
		cmocka_unit_test(makes_a_uuid_of_version_8),
		cmocka_unit_test(tells_near_texts_apart),
		cmocka_unit_test(tells_models_and_mappings_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
