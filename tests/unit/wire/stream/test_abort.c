/* test_abort.c - unit tests of wire/stream/abort.h */
#include "cmocka_all.h"

#include <string.h>

#include "core/reader.h"
#include "wire/stream/abort.h"

/* The abort line with these members behind its type. */
static struct abort_line read_line(const char *members)
{
	struct control_reader *r = control_reader_new();
	struct abort_line a;
	struct buf b = {0};
	struct control c;
	struct err e = {0};

	buf_fmt(&b, "{\"type\":\"abort\"%s}", members);
	memset(buf_room(&b, READER_PAD), 0, READER_PAD);
	if (control_read(r, buf_all(&b), &c, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(c.type, CONTROL_ABORT);
	abort_read(&a, r, &c);
	buf_clear(&b);
	control_reader_free(r);
	return a;
}

static void takes_only_statuses_of_failures(void **state)
{
	static const struct {
		const char *members;
		int status;
	} cases[] = {
		{",\"status\":64", 64},
		{",\"status\":69", 69},
		{",\"status\":78", 78},
		{",\"status\":63", 65},
		{",\"status\":79", 65},
		{",\"status\":0", 65},
		{",\"status\":-1", 65},
		{",\"status\":69.0", 65},
		{",\"status\":18446744073709551685", 65},
		{",\"status\":\"69\"", 65},
		{",\"status\":null", 65},
		{",\"status\":[69]", 65},
		{"", 65},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		print_message("    %s\n", cases[i].members);
		assert_int_equal(read_line(cases[i].members).status,
				 cases[i].status);
	}
}

static void makes_what_it_read_harmless(void **state)
{
	struct abort_line a = read_line(
		",\"stage\":\"a stage with a name too long\",\"reason\":\"a"
		"\\u001b[2Jb\\nc\\u0000d\\u009be\\ud800f \\u00e9\\\"\\\\\"");

	(void)state;
	assert_string_equal(a.stage, "a stage with a n");
	assert_string_equal(a.reason, "a [2Jb c d e   f \xc3\xa9\"\\");
	a = read_line(",\"stage\":7,\"reason\":{}");
	assert_string_equal(a.stage, "previous");
	assert_string_equal(a.reason, "");
}

static void cuts_a_long_reason_at_a_character(void **state)
{
	char members[1200] = ",\"reason\":\"x";
	struct abort_line a;

	(void)state;
	for (size_t n = strlen(members), i = 0; i < 400; i++, n += 2)
		memcpy(members + n, "\xc3\xa9", 3);
	memcpy(members + strlen(members), "\"", 2);
	a = read_line(members);
	assert_int_equal(strlen(a.reason), 299); /* 300 is inside a character */
}

static void writes_a_line_that_reads_the_same(void **state)
{
	struct abort_line a = {.status = 77, .stage = "send"}, b;
	char text[ABORT_TEXT];
	size_t n;

	(void)state;
	n = abort_text(text, &a);
	assert_memory_equal(text,
			    "{\"_rudder\":{\"type\":\"abort\",\"stage\":"
			    "\"send\",\"status\":77,\"reason\":\"\"}}\n",
			    n);
	memset(a.reason, '"', ABORT_REASON);
	a.reason[7] = '\\';
	n = abort_text(text, &a);
	assert_true(n <= ABORT_TEXT);
	assert_int_equal(text[n - 1], '\n');
	text[n - 3] = '\0'; /* its two braces */
	b = read_line(text + strlen("{\"_rudder\":{\"type\":\"abort\""));
	assert_memory_equal(&a, &b, sizeof(a));
}

static void tells_no_values(void **state)
{
	static const struct {
		const char *message, *reason;
	} cases[] = {
		{"cannot connect", "cannot connect"},
		{"HTTP 503: try later", "HTTP 503: try later"},
		{"invalid input syntax for type integer: \"ada\"",
		 "invalid input syntax for type integer: \"\xe2\x80\xa6\""},
		{"Duplicate entry 'ada x' for key 'email'",
		 "Duplicate entry '\xe2\x80\xa6' for key '\xe2\x80\xa6'"},
		{"WHERE name='O'Brien' OR 1", "WHERE name='\xe2\x80\xa6' OR 1"},
		{"it doesn't work", "it doesn't work"},
		{"no user ada@example.com, sorry",
		 "no user \xe2\x80\xa6, sorry"},
		{"card 4111111111111111 refused", "card \xe2\x80\xa6 refused"},
		{"column 'age': not an integer",
		 "column 'age': not an integer"},
		{"key column 'k_2026' is null", "key column 'k_2026' is null"},
		{"(field \"plan\": 'gold' is not one of \"free\")",
		 "(field \"plan\": '\xe2\x80\xa6' is not one of "
		 "\"\xe2\x80\xa6\")"},
		{"column 'a@example.com', subcolumn 'x', column: 'y'",
		 "column '\xe2\x80\xa6', subcolumn '\xe2\x80\xa6', column: "
		 "'\xe2\x80\xa6'"},
		{"column 'open and ada", "column '\xe2\x80\xa6'"},
		{"an open \"quote", "an open \"\xe2\x80\xa6\""},
		{"", ""},
	};
	char reason[ABORT_REASON + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		print_message("    %s\n", cases[i].message);
		abort_reason(reason, cases[i].message);
		assert_string_equal(reason, cases[i].reason);
	}
}

/* What the record of a run says: the abort that came outranks all but what this
 * process could not keep.
 */
static void keeps_names_and_hides_what_follows(void **state)
{
	struct err e = {0};
	char reason[ABORT_REASON + 1];

	(void)state;
	err_names(&e, ERR_CONFIG, "no column '%s' in '%s'", "plan_2026",
		  "a.csv");
	abort_reason_of(reason, &e);
	assert_string_equal(reason, "no column 'plan_2026' in 'a.csv'");
	err_more(&e, "; one is '%s'", "secret");
	abort_reason_of(reason, &e);
	assert_string_equal(reason, "no column 'plan_2026' in 'a.csv'; one is "
				    "'\xe2\x80\xa6'");
	err_set(&e, ERR_DATA, "'%s' is wrong", "secret");
	err_in(&e, "'%s', line %d", "b.csv", 12345);
	abort_reason_of(reason, &e);
	assert_string_equal(reason,
			    "'b.csv', line 12345: '\xe2\x80\xa6' is wrong");
	err_set(&e, ERR_DATA, "'%s' is wrong", "secret");
	abort_reason_of(reason, &e);
	assert_string_equal(reason, "'\xe2\x80\xa6' is wrong");
	err_set(&e, ERR_DATA, "%s", "jq: any value");
	err_in(&e, "'m.yaml'");
	abort_reason_of(reason, &e);
	assert_string_equal(reason, "'m.yaml': the jq program failed");
	/* names at both ends, and a value between them */
	err_set(&e, ERR_DENIED, "HTTP 401: '%s'", "secret");
	err_more_names(&e, "; check '%s'", "key_2026");
	err_in(&e, "'%s'", "https://host:1234");
	abort_reason_of(reason, &e);
	assert_string_equal(reason, "'https://host:1234': HTTP 401: "
				    "'\xe2\x80\xa6'; check 'key_2026'");
	err_more(&e, " or '%s'", "secret");
	abort_reason_of(reason, &e);
	assert_string_equal(reason, "'https://host:1234': HTTP 401: "
				    "'\xe2\x80\xa6'; check '\xe2\x80\xa6' or "
				    "'\xe2\x80\xa6'");
	err_names(&e, ERR_DENIED, "'%s'", "a");
	err_more_names(&e, " and '%s'", "b");
	err_more(&e, " or '%s'", "secret");
	abort_reason_of(reason, &e);
	assert_string_equal(reason, "'a' and 'b' or '\xe2\x80\xa6'");
	err_set(&e, ERR_DENIED, "'%s'", "d");
	err_all_names(&e);
	abort_reason_of(reason, &e);
	assert_string_equal(reason, "'d'");
}

static void describes_the_end_of_the_process(void **state)
{
	struct err none = {.kind = ERR_NONE};
	struct err few = {.kind = ERR_PARTIAL, .text = "12345 of 99999 failed"};
	struct err value = {.kind = ERR_CONFIG, .text = "no 'a@b.c', 12345"};
	struct err data = {.kind = ERR_DATA, .text = "cut"};
	struct abort_line a,
		came = read_line(",\"stage\":\"query\",\"status\":69,"
				 "\"reason\":\"down\"");

	(void)state;
	abort_outcome(&a, "commit", &none);
	assert_int_equal(a.status, 0);
	assert_string_equal(a.stage, "");
	assert_string_equal(a.reason, "");
	/* counts are no values of a row */
	abort_outcome(&a, "commit", &few);
	assert_int_equal(a.status, 1);
	assert_string_equal(a.stage, "commit");
	assert_string_equal(a.reason, "12345 of 99999 failed");
	abort_outcome(&a, "commit", &value);
	assert_int_equal(a.status, 78);
	assert_null(strstr(a.reason, "a@b.c"));
	assert_null(strstr(a.reason, "12345"));
	abort_came(&came, false);
	abort_outcome(&a, "commit", &data);
	assert_int_equal(a.status, 69);
	assert_string_equal(a.stage, "query");
	assert_string_equal(a.reason, "down");
	abort_outcome(&a, "commit", &value);
	assert_int_equal(a.status, 78);
	abort_outcome(&a, "commit", &few);
	assert_int_equal(a.status, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_only_statuses_of_failures),
		cmocka_unit_test(makes_what_it_read_harmless),
		cmocka_unit_test(cuts_a_long_reason_at_a_character),
		cmocka_unit_test(writes_a_line_that_reads_the_same),
		cmocka_unit_test(tells_no_values),
		cmocka_unit_test(keeps_names_and_hides_what_follows),
		cmocka_unit_test(describes_the_end_of_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
