/* test_failing.c - unit tests of diff/state/failing.h */
#include "cmocka_all.h"

#include "diff/state/failing.h"
#include "made.h"

#define NOW   "2026-11-29T01:00:00.000Z"
#define LATER "2026-11-30T01:00:00.000Z"

static void open_state(struct state *s)
{
	struct err e;

	if (state_open(s, "st", true, &e) < 0)
		fail_msg("%s", e.text);
}

static void fails(struct failing *f, const char *id, const char *status,
		  const char *reason, const char *now)
{
	const struct failing_receipt r = {
		.id = slice_str(id),
		.status = slice_str(status),
		.code = slice_str("422"),
		.reason = slice_str(reason),
	};

	failing_add(f, &r, now, "r0000000000000000001");
}

/* What the list says, a key in each line. */
static const char *shown(const struct state *s, bool whole)
{
	static char text[4096];
	struct failing f;
	struct buf b = {0};

	failing_load(&f, s);
	for (size_t i = 0; i < f.n; i++) {
		failing_show(&f, i, whole, &b);
		buf_char(&b, '\n');
	}
	assert_true(b.n < sizeof(text));
	memcpy(text, buf_cstr(&b), b.n + 1);
	buf_clear(&b);
	failing_clear(&f);
	return text;
}

static void counts_runs_until_a_success(void **state)
{
	struct failing f;
	struct state s;

	(void)state;
	open_state(&s);
	assert_int_equal(failing_count(&s), 0);
	for (int run = 0; run < 3; run++) {
		failing_load(&f, &s);
		fails(&f, "\"42\"", "\"rejected\"", "\"no\"",
		      run == 0 ? NOW : LATER);
		/* a change of several events fails once */
		fails(&f, "\"42\"", "\"rejected\"", "\"no\"",
		      run == 0 ? NOW : LATER);
		failing_fine(&f, slice_str("\"42\"")); /* another event */
		failing_fine(&f, slice_str("\"1\""));
		assert_int_equal(failing_store(&f, &s, true), 1);
		failing_clear(&f);
	}
	assert_string_equal(
		shown(&s, false),
		"{\"id\":\"42\",\"status\":\"rejected\",\"code\":422,"
		"\"reason\":\"no\",\"attempts\":3,\"since\":\"" NOW
		"\",\"last\":\"" LATER
		"\",\"run\":\"r0000000000000000001\"}\n");
	assert_int_equal(failing_count(&s), 1);
	failing_load(&f, &s);
	failing_fine(&f, slice_str("\"42\""));
	assert_int_equal(failing_store(&f, &s, false), 0);
	failing_clear(&f);
	assert_int_equal(access("st/failing", F_OK), -1);
	state_close(&s);
}

static void keeps_what_a_run_did_not_reach(void **state)
{
	struct failing f;
	struct state s;

	(void)state;
	open_state(&s);
	failing_load(&f, &s);
	fails(&f, "\"a\"", "\"failed\"", "", NOW);
	fails(&f, "\"b\"", "\"unknown\"", "", NOW);
	assert_int_equal(failing_store(&f, &s, true), 2);
	failing_clear(&f);
	failing_load(&f, &s);
	fails(&f, "\"b\"", "\"unknown\"", "", LATER);
	assert_int_equal(failing_store(&f, &s, false), 2); /* truncated */
	failing_clear(&f);
	failing_load(&f, &s);
	fails(&f, "\"b\"", "\"unknown\"", "", LATER);
	assert_int_equal(failing_store(&f, &s, true), 1); /* complete */
	failing_clear(&f);
	state_close(&s);
}

static void shows_no_values_unless_asked(void **state)
{
	struct failing f;
	struct state s;

	(void)state;
	open_state(&s);
	failing_load(&f, &s);
	fails(&f, "7", "\"rejected\"",
	      "\"email \\\"x\\\" of a@b.c, 4012888888881881\"", NOW);
	assert_int_equal(failing_store(&f, &s, true), 1);
	failing_clear(&f);
	assert_null(strstr(shown(&s, false), "a@b.c"));
	assert_null(strstr(shown(&s, false), "4012"));
	assert_non_null(strstr(shown(&s, false), "email"));
	assert_non_null(strstr(shown(&s, true), "a@b.c"));
	state_close(&s);
}

static void lists_so_many_and_counts_all(void **state)
{
	struct failing f;
	struct state s;
	char id[16], longer[FAILING_ID + 2];

	(void)state;
	open_state(&s);
	failing_load(&f, &s);
	for (int i = 0; i < FAILING_MAX + 5; i++) {
		snprintf(id, sizeof(id), "\"%d\"", i);
		fails(&f, id, "\"failed\"", "", NOW);
	}
	fails(&f, "", "\"failed\"", "", NOW); /* a row without a key */
	memset(longer, '7', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	fails(&f, longer, "\"failed\"", "", NOW);
	assert_int_equal(failing_store(&f, &s, true), FAILING_MAX + 7);
	failing_clear(&f);
	assert_int_equal(failing_count(&s), FAILING_MAX + 7);
	state_close(&s);
}

/* It is a list for people: no commit may fail by it. */
static void survives_any_content(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"{\"failing\":1",
		"{\"failing\":1,\"keys\":\"x\"}\n[]\n{\"id\":null}\n",
		"{\"id\":\"7\",\"since\":\"2026-01-01 and so on and on\"}\n",
		"{\"id\":\"7\",\"status\":7,\"attempts\":-1}\n",
	};
	struct failing f;
	struct state s;

	(void)state;
	open_state(&s);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		scratch_file("st/failing", texts[i]);
		(void)failing_count(&s);
		failing_load(&f, &s);
		fails(&f, "\"1\"", "\"failed\"", "\"x", NOW);
		assert_true(failing_store(&f, &s, false) >= 1);
		failing_clear(&f);
	}
	state_close(&s);
}

static void forgets_a_key_by_its_value(void **state)
{
	struct key key;
	struct failing f;
	struct state s;
	struct err e;
	bool found = false;

	(void)state;
	assert_int_equal(key_from_json(&key, slice_str("[\"id\"]"), &e), 0);
	open_state(&s);
	failing_load(&f, &s);
	fails(&f, "\"42\"", "\"failed\"", "", NOW);
	fails(&f, "\"42.0\"", "\"failed\"", "", NOW);
	fails(&f, "\"[7,\"", "\"failed\"", "", NOW);
	fails(&f, "\"\"", "\"failed\"", "", NOW);
	assert_int_equal(failing_store(&f, &s, true), 4);
	failing_clear(&f);
	assert_int_equal(failing_forget(&s, &key, "42", &found, &e), 0);
	assert_true(found);
	assert_int_equal(failing_count(&s), 2);
	found = false;
	assert_int_equal(failing_forget(&s, &key, "42", &found, &e), 0);
	assert_false(found);
	state_close(&s);
	key_clear(&key);
}

static void forgets_what_cannot_be_read(void **state)
{
	struct key key;
	struct state s;
	struct err e;
	bool found = false;

	(void)state;
	assert_int_equal(key_from_json(&key, slice_str("[\"id\"]"), &e), 0);
	open_state(&s);
	scratch_file("st/failing", "{\"failing\":1,\"keys\":2,\"more\":0}\n"
				   "{\"id\":\"7\"}\n{\"id\":\"42\",\"reas");
	assert_int_equal(failing_forget(&s, &key, "42", &found, &e), 0);
	assert_false(found);
	assert_null(strstr(scratch_text("st/failing"), "42"));
	assert_non_null(strstr(scratch_text("st/failing"), "\"7\""));
	state_close(&s);
	key_clear(&key);
}

static void forgets_a_key_with_all_its_identities(void **state)
{
	struct key key;
	struct failing f;
	struct state s;
	struct err e;
	bool found = false;

	(void)state;
	assert_int_equal(
		key_from_json(
			&key,
			slice_str(
				"{\"key\":[\"id\"],\"identity\":[\"email\"]}"),
			&e),
		0);
	open_state(&s);
	failing_load(&f, &s);
	fails(&f, "\"[7,\\\"a\\\"]\"", "\"failed\"", "", NOW);
	fails(&f, "\"[7,\\\"b\\\"]\"", "\"failed\"", "", NOW);
	fails(&f, "\"[8,\\\"b\\\"]\"", "\"failed\"", "", NOW);
	fails(&f, "\"[7]\"", "\"failed\"", "", NOW); /* of another mapper */
	fails(&f, "\"7]\"", "\"failed\"", "", NOW);
	assert_int_equal(failing_store(&f, &s, true), 5);
	failing_clear(&f);
	assert_int_equal(failing_forget(&s, &key, "7", &found, &e), 0);
	assert_true(found);
	assert_int_equal(failing_count(&s), 3);
	state_close(&s);
	key_clear(&key);
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

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(counts_runs_until_a_success),
		IN_FOLDER(keeps_what_a_run_did_not_reach),
		IN_FOLDER(shows_no_values_unless_asked),
		IN_FOLDER(lists_so_many_and_counts_all),
		IN_FOLDER(survives_any_content),
		IN_FOLDER(forgets_a_key_by_its_value),
		IN_FOLDER(forgets_what_cannot_be_read),
		IN_FOLDER(forgets_a_key_with_all_its_identities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
