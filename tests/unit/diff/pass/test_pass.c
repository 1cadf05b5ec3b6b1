/* test_run.c - unit tests of diff/pass/pass.h; what leaves is in tests/cli/diff
 */
#include "cmocka_all.h"

#include "diff/pass/pass_run.h"
#include "made.h"

#define ONE   "r1000000000000000000"
#define TWO   "r2000000000000000000"
#define THREE "r3000000000000000000"

static const struct {
	const char *resumed, *given, *environment, *id; /* NULL: a new one */
} ids[] = {
	{ONE, TWO, THREE, ONE},  {ONE, "", NULL, ONE},
	{NULL, TWO, THREE, TWO}, {NULL, "", THREE, THREE},
	{NULL, "", "", NULL},    {NULL, "", NULL, NULL},
	{"r1", TWO, THREE, TWO}, {"r1", "", NULL, NULL},
};

static void chooses_the_id_of_the_run(void **state)
{
	const struct diff_options o = {.state = "st"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct state known = {0};
		struct pass r;
		struct err e;

		assert_int_equal(pass_run_init(&r, &o, &e), 0);
		r.base.known = &known;
		known.resumed = ids[i].resumed != NULL;
		if (ids[i].resumed)
			known.pending.run = slice_str(ids[i].resumed);
		if (ids[i].environment)
			setenv("RUDDER_RUN_ID", ids[i].environment, 1);
		else
			unsetenv("RUDDER_RUN_ID");
		assert_int_equal(pass_choose_id(&r.asked, &r.base,
						slice_str(ids[i].given), &e),
				 0);
		if (ids[i].id)
			assert_string_equal(r.asked.id, ids[i].id);
		else
			assert_int_equal(strlen(r.asked.id), 20);
		pass_run_clear(&r);
	}
	unsetenv("RUDDER_RUN_ID");
}

static void refuses_a_run_id_of_another_form(void **state)
{
	static const char *const wrong[] = {"r1", "nightly-2026-11-29-01",
					    "r100000000000000000w"};
	const struct diff_options o = {.state = "st"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct pass r;
		struct err e = {0};

		assert_int_equal(pass_run_init(&r, &o, &e), 0);
		setenv("RUDDER_RUN_ID", wrong[i], 1);
		assert_int_equal(
			pass_choose_id(&r.asked, &r.base, slice_str(""), &e),
			-1);
		assert_int_equal(e.kind, ERR_CONFIG);
		pass_run_clear(&r);
	}
	unsetenv("RUDDER_RUN_ID");
}

static const struct {
	struct diff_options o;
	enum pass_mode mode;
	bool every_row;
} modes[] = {
	/* a sync deletes when asked to, two files differ by missing rows */
	{{.state = "st"}, PASS_UPSERT, false},
	{{.key = "id"}, PASS_MIRROR, false},
	{{.key = "id", .mode = "upsert"}, PASS_UPSERT, false},
	{{.state = "st", .mode = "mirror"}, PASS_MIRROR, false},
	{{.state = "st", .mode = "mirror", .full = true}, PASS_MIRROR, true},
	{{.state = "st", .mode = "insert-only"}, PASS_INSERT_ONLY, false},
	{{.state = "st", .mode = "update-only"}, PASS_UPDATE_ONLY, false},
	{{.state = "st", .mode = "full"}, PASS_FULL, true},
};

static void knows_its_modes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		struct pass r;
		struct err e;

		assert_int_equal(pass_run_init(&r, &modes[i].o, &e), 0);
		assert_int_equal(r.asked.mode, modes[i].mode);
		assert_int_equal(r.asked.every_row, modes[i].every_row);
		pass_run_clear(&r);
	}
}

static void refuses_wrong_settings(void **state)
{
	static const struct diff_options wrong[] = {
		{.state = "st", .mode = ""},
		{.state = "st", .mode = "Mirror"},
		{.state = "st", .max_deletes = "x"},
		{.state = "st", .allow_deletes = "1%"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct pass r;
		struct err e;

		assert_int_equal(pass_run_init(&r, &wrong[i], &e), -1);
		assert_int_equal(e.kind, ERR_USAGE);
		pass_run_clear(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chooses_the_id_of_the_run),
		cmocka_unit_test(refuses_a_run_id_of_another_form),
		cmocka_unit_test(knows_its_modes),
		cmocka_unit_test(refuses_wrong_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
