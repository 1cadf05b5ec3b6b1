/* test_cursor_file.c - unit tests of diff/state/cursor_file.h */
#include "cmocka_all.h"

#include <stdlib.h>

#include "diff/state/cursor_file.h"
#include "scratch.h"
#include "wire/json/json.h"
#include "wire/state/cursor.h"

/* Of a model, 64 digits, as rudder-query writes it where no state is known. */
#define MODEL "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

enum { SEED = 77 };

static struct state state_here(void)
{
	static char here[] = ".";

	return (struct state){.dir = here, .seed = SEED};
}

/* A cursor as 0.1 wrote it: with that fingerprint itself, and without a key. */
static void store_old(const char *model)
{
	const struct cursor old = {
		.column = slice_str("\"at\""),
		.type = slice_str("\"int\""),
		.value = slice_str("\"3\""),
		.by = slice_str("\"id\""),
		.model = slice_str(model),
		.generation = 1,
	};
	struct err e;

	assert_int_equal(cursor_store(&old, CURSOR_FILE, &e), 0);
}

/* A run from since to 5 of that model is committed: the cursor afterwards. */
static void commit(const char *since, const char *model, struct cursor *to)
{
	const struct state s = state_here();
	char object[256];
	struct err e;

	snprintf(object, sizeof(object),
		 "{\"column\":\"at\",\"type\":\"int\",\"since\":\"%s\","
		 "\"value\":\"5\",\"by\":\"id\"}",
		 since);
	assert_int_equal(cursor_file_store(&s, slice_str(object),
					   slice_str(model), 2, &e),
			 0);
	assert_int_equal(cursor_load(to, CURSOR_FILE, &e), 1);
}

static void sealed(char text[65])
{
	struct buf key = {0}, b = {0};

	cursor_key(&key, SEED);
	cursor_seal(&b, buf_all(&key), slice_str(MODEL));
	assert_int_equal(b.n, 64);
	snprintf(text, 65, "%s", buf_cstr(&b));
	buf_clear(&key);
	buf_clear(&b);
}

static void moves_a_cursor_of_an_older_version(void **state)
{
	char model[65];
	struct cursor c;

	(void)state;
	sealed(model);
	scratch_enter();
	for (int i = 0; i < 2; i++) {
		/* what the stream has: with a key or, from the file, without */
		store_old("\"" MODEL "\"");
		commit("3", i == 0 ? model : MODEL, &c);
		assert_true(slice_is(c.value, "\"5\""));
		assert_true(
			slice_is(json_inner(c.model), i == 0 ? model : MODEL));
		assert_int_equal(c.key.n, 66);
		cursor_clear(&c);
	}
	scratch_leave();
}

static void leaves_that_of_another_model_or_place(void **state)
{
	char model[65];
	struct cursor c;

	(void)state;
	sealed(model);
	scratch_enter();
	store_old("\"1" MODEL "\"");
	commit("3", model, &c);
	assert_true(slice_is(c.value, "\"3\""));
	assert_int_equal(c.key.n, 0);
	cursor_clear(&c);
	store_old("\"" MODEL "\"");
	commit("2", model, &c);
	assert_true(slice_is(c.value, "\"3\""));
	cursor_clear(&c);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves_a_cursor_of_an_older_version),
		cmocka_unit_test(leaves_that_of_another_model_or_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
