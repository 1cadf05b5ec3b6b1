/* test_dest_option.c - unit tests of send/dest/dest_option.h */
#include "cmocka_all.h"

#include "send/dest/dest_option.h"

struct shared {
	uint64_t wait_ms;
	bool plain;
};

static const struct dest_option shared_rows[] = {
	{"wait", "<time>", "how long", DEST_MSEC,
	 .at = offsetof(struct shared, wait_ms), .otherwise = 5000},
	{"plain", NULL, "whether", DEST_FLAG,
	 .at = offsetof(struct shared, plain)},
};
static const struct dest_group shared = {shared_rows, COUNT_OF(shared_rows),
					 sizeof(struct shared), NULL};

struct own {
	const char *name;
	uint64_t n;
	struct opt_list list;
};

static const struct dest_option own_rows[] = {
	{"name", "<text>", "a text", DEST_TEXT,
	 .at = offsetof(struct own, name), .values = "a|b"},
	{"count", "<n>", "a number", DEST_COUNT, .at = offsetof(struct own, n)},
	{"each", "<text>", "a list", DEST_LIST,
	 .at = offsetof(struct own, list)},
};

static int needs_a_name(const void *settings, struct err *e)
{
	const struct own *own = settings;

	return own->name ? 0 : err_set(e, ERR_USAGE, "no name");
}

static const struct dest_group own = {own_rows, COUNT_OF(own_rows),
				      sizeof(struct own), needs_a_name};

static const struct dest_group *const one[] = {&shared, NULL};
static const struct dest_group *const two[] = {&shared, &own, NULL};
static const struct dest_group *const none[] = {NULL};

/* Drivers "a" and "b" and "c", of which b has its own, too. */
static size_t merged(struct dest_given *g, struct opt *row, size_t max)
{
	dest_option_add(g, one, "a");
	dest_option_add(g, two, "b");
	dest_option_add(g, one, "c");
	dest_option_add(g, none, "d");
	return dest_option_rows(g, row, max);
}

static void merges_groups_and_names_their_drivers(void **state)
{
	struct dest_given g = {0};
	struct opt row[8] = {{0}};

	(void)state;
	assert_int_equal(merged(&g, row, COUNT_OF(row)), 5);
	assert_string_equal(row[0].name, "wait");
	assert_string_equal(row[0].group, "a:, b: and c:");
	assert_string_equal(row[1].group, "a:, b: and c:");
	assert_string_equal(row[2].group, "b:");
	assert_string_equal(row[2].values, "a|b");
	assert_non_null(row[0].msec);
	assert_non_null(row[1].flag);
	assert_non_null(row[2].text);
	assert_non_null(row[3].count);
	assert_non_null(row[4].list);
	dest_option_clear(&g);
}

static void values_go_to_the_settings_of_their_group(void **state)
{
	struct dest_given g = {0};
	struct opt row[8] = {{0}};
	const struct shared *s;
	const struct own *o;

	(void)state;
	(void)merged(&g, row, COUNT_OF(row));
	s = dest_option_settings(&g, &shared);
	o = dest_option_settings(&g, &own);
	assert_int_equal(s->wait_ms, 5000);
	*row[0].msec = 7;
	*row[1].flag = true;
	*row[2].text = "a";
	*row[3].count = 3;
	row[4].list->n = 2;
	assert_int_equal(s->wait_ms, 7);
	assert_true(s->plain);
	assert_string_equal(o->name, "a");
	assert_int_equal(o->n, 3);
	assert_int_equal(o->list.n, 2);
	dest_option_clear(&g);
}

static void settings_of_a_group_that_was_not_added_are_zero(void **state)
{
	struct dest_given g = {0};
	const struct own *o = dest_option_settings(&g, &own);

	(void)state;
	assert_null(o->name);
	assert_int_equal(o->n, 0);
	o = dest_option_settings(NULL, &own);
	assert_null(o->name);
}

static void an_option_of_another_driver_is_refused(void **state)
{
	struct dest_given g = {0};
	struct opt row[8] = {{0}};
	struct err e = {0};

	(void)state;
	(void)merged(&g, row, COUNT_OF(row));
	assert_int_equal(dest_option_check(&g, none, &e), 0);
	*row[0].given = true; /* with the value that it has without */
	assert_int_equal(dest_option_check(&g, one, &e), 0);
	assert_int_equal(dest_option_check(&g, none, &e), -1);
	assert_int_equal(e.kind, ERR_USAGE);
	assert_string_equal(e.text,
			    "option '--wait' is only for a:, b: and c:");
	*row[0].given = false;
	*row[4].given = true;
	assert_int_equal(dest_option_check(&g, one, &e), -1);
	assert_string_equal(e.text, "option '--each' is only for b:");
	dest_option_clear(&g);
}

static void a_group_checks_the_settings_of_its_own_driver_only(void **state)
{
	struct dest_given g = {0};
	struct opt row[8] = {{0}};
	struct err e = {0};

	(void)state;
	(void)merged(&g, row, COUNT_OF(row));
	assert_int_equal(dest_option_check(&g, one, &e), 0);
	assert_int_equal(dest_option_check(&g, two, &e), -1);
	assert_string_equal(e.text, "no name");
	*row[2].text = "a";
	assert_int_equal(dest_option_check(&g, two, &e), 0);
	dest_option_clear(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges_groups_and_names_their_drivers),
		cmocka_unit_test(values_go_to_the_settings_of_their_group),
		cmocka_unit_test(
			settings_of_a_group_that_was_not_added_are_zero),
		cmocka_unit_test(an_option_of_another_driver_is_refused),
		cmocka_unit_test(
			a_group_checks_the_settings_of_its_own_driver_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
