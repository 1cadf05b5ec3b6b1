/* test_fingerprint.c - unit tests of map/settings/fingerprint.h */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "map/event/mapping_load.h"
#include "map/settings/fingerprint.h"

#define LIST(...)                                                              \
	{                                                                      \
		.v = (const char *[]){__VA_ARGS__},                            \
		.n = sizeof((const char *[]){__VA_ARGS__}) /                   \
		     sizeof(const char *)                                      \
	}

static uint64_t of(const struct mapping_options *o, bool values)
{
	struct mapping_list m;
	struct fingerprint f;
	struct err e = {0};
	uint64_t all;

	if (mapping_load(&m, o, &e) < 0)
		fail_msg("%s", e.text);
	fingerprint_make(&f, &m.v[0], 0, values);
	all = f.all;
	fingerprint_clear(&f);
	mapping_list_clear(&m);
	return all;
}

/* It is in messageIds, by which a retry is known: no release may change it.
 * See FINGERPRINT_VERSION.
 */
static void stays_what_it_was(void **state)
{
	const struct mapping_options plain = {.type = "identify",
					      .user_id = "id"};
	const struct mapping_options full = {
		.type = "track",
		.user_id = "id",
		.anonymous_id = "device",
		.event = "Order",
		.delete_event = "Gone",
		.timestamp = "at",
		.job_id = "orders",
		.where = ".n > 1",
		.numbers = "exact",
		.nulls = LIST("omit", "a=empty"),
		.defaults = LIST("b=1"),
		.casts = LIST("c=string"),
		.masks = LIST("d=trim+lower+sha256"),
		.columns = LIST("a,b,c=x.y,d,e*"),
		.computed = LIST("sum=.a + .b"),
		.constants = LIST("k=v"),
		.json_constants = LIST("j={\"a\":1}"),
		.run_constants = LIST("r=id", "s=start"),
	};
	const struct mapping_options record = {
		.type = "record",
		.object = "SALESFORCE-contact",
		.identifiers = LIST("email=Email"),
	};

	(void)state;
	assert_int_equal(of(&plain, true), UINT64_C(0x71105fb7ef26a9aa));
	assert_int_equal(of(&full, true), UINT64_C(0x4e918c0d565ba2b6));
	assert_int_equal(of(&record, true), UINT64_C(0xe1eeecb748472299));
}

static void tells_each_setting(void **state)
{
	const struct mapping_options other[] = {
		{.type = "track", .user_id = "id", .event = "E"},
		{.type = "track", .user_id = "id", .event = "F"},
		{.type = "track", .user_id = "id", .event_column = "F"},
		{.type = "track", .user_id = "id", .event = "insert=E"},
		{.type = "track", .user_id = "id", .event = "update=E"},
		{.type = "identify", .user_id = "id"},
		{.type = "identify", .user_id = "uid"},
		{.type = "identify", .anonymous_id = "id"},
		{.type = "identify", .user_id = "id", .delete_event = "E"},
		{.type = "identify", .user_id = "id", .deletes = "skip"},
		{.type = "identify", .user_id = "id", .timestamp = "t"},
		{.type = "identify", .user_id = "id", .job_id = "j"},
		{.type = "identify", .user_id = "id", .where = ".a"},
		{.type = "identify", .user_id = "id", .where = ".b"},
		{.type = "identify", .user_id = "id", .numbers = "exact"},
		{.type = "identify", .user_id = "id", .jq = "{a: 1}"},
		{.user_id = "id", .jq = "{a: 1}"},
		{.user_id = "id", .jq = "{a: 2}"},
		{.user_id = "id", .jq = "{a: 2}", .jq_numbers = "string"},
		{.type = "identify", .user_id = "id", .columns = LIST("a")},
		{.type = "identify", .user_id = "id", .columns = LIST("a*")},
		{.type = "identify", .user_id = "id", .columns = LIST("!a")},
		{.type = "identify", .user_id = "id", .columns = LIST("!a*")},
		{.type = "identify", .user_id = "id", .columns = LIST("a=b")},
		{.type = "identify", .user_id = "id", .columns = LIST("a=.b")},
		{.type = "identify", .user_id = "id", .columns = LIST("a,b")},
		{.type = "identify", .user_id = "id", .nulls = LIST("omit")},
		{.type = "identify", .user_id = "id", .nulls = LIST("a=omit")},
		{.type = "identify", .user_id = "id", .nulls = LIST("a=empty")},
		{.type = "identify", .user_id = "id", .defaults = LIST("a=1")},
		{.type = "identify",
		 .user_id = "id",
		 .casts = LIST("a=string")},
		{.type = "identify", .user_id = "id", .masks = LIST("a=lower")},
		{.type = "identify", .user_id = "id", .masks = LIST("b=lower")},
		{.type = "identify", .user_id = "id", .constants = LIST("a=1")},
		{.type = "identify",
		 .user_id = "id",
		 .json_constants = LIST("a=1")},
		{.type = "identify", .user_id = "id", .computed = LIST("a=1")},
		{.type = "identify",
		 .user_id = "id",
		 .run_constants = LIST("a=id")},
		{.type = "identify",
		 .user_id = "id",
		 .run_constants = LIST("a=start")},
		{.type = "group", .user_id = "id", .group_id = "g"},
		{.type = "group", .user_id = "id", .group_id = "h"},
		{.type = "alias", .user_id = "id", .previous_id = "g"},
		{.type = "alias", .user_id = "id", .previous_id = "h"},
		{.type = "record", .identifiers = LIST("a")},
		{.type = "record", .identifiers = LIST("a=A")},
		{.type = "record", .user_id = "a", .identifiers = LIST("a")},
		{.type = "record", .object = "X-y", .identifiers = LIST("a")},
	};
	uint64_t all[COUNT_OF(other)];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(other); i++) {
		all[i] = of(&other[i], true);
		for (size_t k = 0; k < i; k++) {
			if (all[i] == all[k])
				fail_msg("%zu is as %zu", i, k);
		}
	}
}

static void is_the_same_in_any_order(void **state)
{
	const struct mapping_options one = {
		.type = "identify",
		.user_id = "id",
		.columns = LIST("a,b=x"),
		.nulls = LIST("a=omit", "b=keep"),
		.masks = LIST("a=lower"),
		.constants = LIST("k=1", "l=2"),
	};
	const struct mapping_options other = {
		.type = "identify",
		.user_id = "id",
		.columns = LIST("b=x", "a"),
		.nulls = LIST("b=keep", "a=keep", "a=omit"),
		.masks = LIST("a=lower"),
		.constants = LIST("l=2", "k=1"),
	};

	(void)state;
	assert_int_equal(of(&one, true), of(&other, true));
}

/* Of two patterns that fit one column the last one counts. */
static void knows_when_the_order_counts(void **state)
{
	const struct mapping_options one = {
		.type = "identify",
		.user_id = "id",
		.nulls = LIST("a*=omit", "ab=empty"),
	};
	const struct mapping_options other = {
		.type = "identify",
		.user_id = "id",
		.nulls = LIST("ab=empty", "a*=omit"),
	};

	(void)state;
	assert_int_not_equal(of(&one, true), of(&other, true));
}

static void takes_values_of_the_environment_when_asked(void **state)
{
	const struct mapping_options o = {
		.type = "identify",
		.user_id = "id",
		.env_constants = LIST("k=FINGERPRINT_TEST"),
	};
	uint64_t with, without;

	(void)state;
	setenv("FINGERPRINT_TEST", "one", 1);
	with = of(&o, true);
	without = of(&o, false);
	setenv("FINGERPRINT_TEST", "two", 1);
	assert_int_not_equal(of(&o, true), with);
	assert_int_equal(of(&o, false), without);
	unsetenv("FINGERPRINT_TEST");
}

static void never_takes_the_run(void **state)
{
	const struct mapping_options o = {
		.type = "identify",
		.user_id = "id",
		.run_constants = LIST("k=id"),
	};
	struct fingerprint before, after;
	struct mapping_list m;
	struct err e;

	(void)state;
	assert_int_equal(mapping_load(&m, &o, &e), 0);
	fingerprint_make(&before, &m.v[0], 0, true);
	mapping_run(&m.v[0], slice_str("run"), 1);
	fingerprint_make(&after, &m.v[0], 0, true);
	assert_int_equal(before.all, after.all);
	assert_int_equal(before.n, after.n);
	fingerprint_clear(&before);
	fingerprint_clear(&after);
	mapping_list_clear(&m);
}

static void mixes_type_and_name(void **state)
{
	const struct slice texts[][2] = {
		{slice_of("track", 5), slice_of("E", 1)},
		{slice_of("track", 5), slice_of("F", 1)},
		{slice_of("page", 4), slice_of("E", 1)},
		{slice_of("track", 5), slice_of("", 0)},
		{slice_of("trackE", 6), slice_of("", 0)},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		for (size_t k = 0; k < COUNT_OF(texts); k++)
			assert_true(
				(fingerprint_mix(1, texts[i][0], texts[i][1]) ==
				 fingerprint_mix(1, texts[k][0],
						 texts[k][1])) == (i == k));
		assert_true(fingerprint_mix(1, texts[i][0], texts[i][1]) !=
			    fingerprint_mix(2, texts[i][0], texts[i][1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_what_it_was),
		cmocka_unit_test(tells_each_setting),
		cmocka_unit_test(is_the_same_in_any_order),
		cmocka_unit_test(knows_when_the_order_counts),
		cmocka_unit_test(takes_values_of_the_environment_when_asked),
		cmocka_unit_test(never_takes_the_run),
		cmocka_unit_test(mixes_type_and_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
