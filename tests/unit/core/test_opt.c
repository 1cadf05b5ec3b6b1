/* test_opt.c - unit tests of core/opt.h */
#include "cmocka_all.h"

#include "core/opt.h"
#include "core/tool.h"
#include "scratch.h"

static bool full, dry;
static const char *key, *state_dir;
static uint64_t count, wait_ms;
static struct opt_list columns;

static const struct opt table[] = {
	{'k', "key", "<column>", "column that names a row", .text = &key},
	{'s', "state", "<folder>", "where it is kept", .text = &state_dir},
	{'c', "column", "<name>", "one of them", .list = &columns},
	{0, "max-deletes", "<n>", "at most so many", .count = &count},
	{'w', "wait", "<time>", "how long", .msec = &wait_ms},
	{0, "show", "[<n>]", "show some", .count = &count, .absent = "10"},
	{0, "full", NULL, "all rows", .flag = &full},
	{'n', "dry-run", NULL, "change nothing", .flag = &dry},
	{0},
};

static const struct opt_page page = {
	.summary = "test options",
	.synopsis = "-k <column> [<file>]",
	.table = table,
	.examples = "  rudder-test -k id\n",
};

/* opt_parse of words, split at blanks; operands go to got, in brackets. */
static int parse(const char *words, char got[128], struct err *e)
{
	static char text[256];
	char *argv[32] = {text}, **operands, *rest;
	int argc = 1, rc;
	size_t n = 0;

	full = dry = false;
	key = state_dir = NULL;
	count = wait_ms = 0;
	opt_clear(&page);
	snprintf(text, sizeof(text), "%s", words);
	rest = text;
	argv[0] = strsep(&rest, " ");
	while (rest)
		argv[argc++] = strsep(&rest, " ");
	argv[argc] = NULL;
	rc = opt_parse(argc, argv, &page, &operands, e);
	got[0] = '\0';
	for (; rc == 1 && *operands; operands++)
		n += (size_t)snprintf(got + n, 128 - n, "[%s]", *operands);
	return rc;
}

static const struct {
	const char *words, *operands, *key, *state;
	uint64_t count, msec;
	size_t n_columns;
	bool full, dry;
} good[] = {
	{"t", "", NULL, NULL, 0, 0, 0, false, false},
	{"t a b", "[a][b]", NULL, NULL, 0, 0, 0, false, false},
	{"t -k id", "", "id", NULL, 0, 0, 0, false, false},
	{"t -kid", "", "id", NULL, 0, 0, 0, false, false},
	{"t --key id", "", "id", NULL, 0, 0, 0, false, false},
	{"t --key=id", "", "id", NULL, 0, 0, 0, false, false},
	{"t --key=a=b", "", "a=b", NULL, 0, 0, 0, false, false},
	{"t --key=", "", "", NULL, 0, 0, 0, false, false},
	{"t --key -n", "", "-n", NULL, 0, 0, 0, false, false},
	{"t -k a -k b", "", "b", NULL, 0, 0, 0, false, false},
	{"t -nk id", "", "id", NULL, 0, 0, 0, false, true},
	{"t -n --full", "", NULL, NULL, 0, 0, 0, true, true},
	{"t x -n y -s z", "[x][y]", NULL, "z", 0, 0, 0, false, true},
	{"t -n -- -k --full", "[-k][--full]", NULL, NULL, 0, 0, 0, false, true},
	{"t - a", "[-][a]", NULL, NULL, 0, 0, 0, false, false},
	{"t  a", "[][a]", NULL, NULL, 0, 0, 0, false, false},
	{"t -c a -cb --column=c", "", NULL, NULL, 0, 0, 3, false, false},
	{"t --max-deletes 64K", "", NULL, NULL, 65536, 0, 0, false, false},
	{"t -w250ms", "", NULL, NULL, 0, 250, 0, false, false},
	{"t -w 2", "", NULL, NULL, 0, 2000, 0, false, false},
	{"t --show", "", NULL, NULL, 10, 0, 0, false, false},
	{"t --show -n", "", NULL, NULL, 10, 0, 0, false, true},
	{"t --show 3 x", "[x]", NULL, NULL, 3, 0, 0, false, false},
	{"t --show=3", "", NULL, NULL, 3, 0, 0, false, false},
};

static void reads_options_and_operands(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct err e = {0};
		char got[128];

		print_message("    %s\n", good[i].words);
		assert_int_equal(parse(good[i].words, got, &e), 1);
		assert_string_equal(got, good[i].operands);
		assert_int_equal(key != NULL, good[i].key != NULL);
		if (key)
			assert_string_equal(key, good[i].key);
		assert_int_equal(state_dir != NULL, good[i].state != NULL);
		assert_int_equal(count, good[i].count);
		assert_int_equal(wait_ms, good[i].msec);
		assert_int_equal(columns.n, good[i].n_columns);
		assert_int_equal(full, good[i].full);
		assert_int_equal(dry, good[i].dry);
	}
	opt_clear(&page);
	assert_null(columns.v);
}

static const struct {
	const char *words, *text;
} wrong[] = {
	{"t --kex=1", "unknown option '--kex'; did you mean '--key'?"},
	{"t --dry-rum",
	 "unknown option '--dry-rum'; did you mean '--dry-run'?"},
	{"t --hlep", "unknown option '--hlep'; did you mean '--help'?"},
	{"t --ke", "unknown option '--ke'; did you mean '--key'?"},
	{"t --frobnicate",
	 "unknown option '--frobnicate'; see 'rudder-test --help'"},
	{"t --a-name-much-longer-than-any-option-has-ever-been",
	 "unknown option '--a-name-much-longer-than-any-option-has-e'; see "
	 "'rudder-test --help'"},
	{"t --=x", "unknown option '--'; see 'rudder-test --help'"},
	{"t -x", "unknown option '-x'; see 'rudder-test --help'"},
	{"t -nx", "unknown option '-x'; see 'rudder-test --help'"},
	{"t --full=yes", "option '--full' takes no value"},
	{"t --key", "option '--key' needs <column>"},
	{"t -k", "option '-k' needs <column>"},
	{"t -nk", "option '-k' needs <column>"},
	{"t --max-deletes=-1",
	 "option '--max-deletes': '-1' is not a count (250, 64K, 2M, 1G)"},
	{"t --max-deletes=",
	 "option '--max-deletes': '' is not a count (250, 64K, 2M, 1G)"},
	{"t -w 5x", "option '--wait': '5x' is not a time (250ms, 5s, 2m, 1h)"},
	{"t --log-format=xml",
	 "option '--log-format': 'xml' is not text or json"},
	{"t --log=xml", "option '--log-format': 'xml' is not text or json"},
};

static void says_what_is_wrong(void **state)
{
	(void)state;
	tool_start("rudder-test");
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct err e = {0};
		char got[128];

		assert_int_equal(parse(wrong[i].words, got, &e), -1);
		assert_int_equal(e.kind, ERR_USAGE);
		assert_string_equal(e.text, wrong[i].text);
	}
	opt_clear(&page);
}

static void sets_what_is_logged(void **state)
{
	struct err e = {0};
	char got[128];

	(void)state;
	assert_int_equal(parse("t -q", got, &e), 1);
	assert_false(tool_logs(TOOL_WARNING));
	assert_int_equal(parse("t -v", got, &e), 1);
	assert_true(tool_logs(TOOL_INFO));
	assert_int_equal(parse("t --log-format text", got, &e), 1);
	assert_true(tool_logs(TOOL_WARNING));
	assert_false(tool_logs(TOOL_INFO));
}

/* From rudder run, whose -q and format count for the commands it starts. */
static void takes_what_is_logged_from_a_caller(void **state)
{
	static struct scratch_grab grab;
	struct err e = {0};
	char got[128];

	(void)state;
	setenv(TOOL_LOG, "json quiet", 1);
	assert_int_equal(parse("t", got, &e), 1);
	assert_false(tool_logs(TOOL_WARNING));
	assert_int_equal(parse("t -v", got, &e), 1);
	assert_true(tool_logs(TOOL_INFO));
	scratch_grab(&grab, STDERR_FILENO);
	tool_warn("w");
	assert_memory_equal(scratch_got(&grab), "{\"ts\"", 5);
	assert_int_equal(parse("t -v --log-format text", got, &e), 1);
	scratch_grab(&grab, STDERR_FILENO);
	tool_warn("w");
	assert_non_null(strstr(scratch_got(&grab), ": warning: w\n"));
	setenv(TOOL_LOG, "json", 1);
	assert_int_equal(parse("t", got, &e), 1);
	assert_true(tool_logs(TOOL_WARNING));
	unsetenv(TOOL_LOG);
}

static void works_without_a_name_or_examples(void **state)
{
	static struct scratch_grab grab;
	static const struct opt_page bare = {
		.summary = "s", .synopsis = "", .table = table};
	char help[] = "--help";
	char *none[] = {NULL}, *argv[] = {help, help, NULL}, **operands;
	struct err e = {0};

	(void)state;
	assert_int_equal(opt_parse(0, none, &page, &operands, &e), 1);
	assert_null(operands[0]);
	scratch_grab(&grab, STDOUT_FILENO);
	assert_int_equal(opt_parse(2, argv, &bare, &operands, &e), 0);
	assert_null(strstr(scratch_got(&grab), "examples:"));
}

static void prints_help_from_the_table(void **state)
{
	static struct scratch_grab grab;
	struct err e = {0};
	char got[128];
	const char *text;

	(void)state;
	tool_start("rudder-test");
	scratch_grab(&grab, STDOUT_FILENO);
	assert_int_equal(parse("t -n --help --full", got, &e), 0);
	text = scratch_got(&grab);
	assert_memory_equal(text,
			    "rudder-test - test options\n\n"
			    "usage: rudder-test -k <column> [<file>]\n\n"
			    "  -k --key <column>",
			    87);
	for (const struct opt *o = table; o->name; o++) {
		assert_non_null(strstr(text, o->name));
		assert_non_null(strstr(text, o->help));
	}
	assert_non_null(strstr(text, "-V --version"));
	assert_non_null(strstr(text, "examples:\n  rudder-test -k id\n"));
	scratch_grab(&grab, STDOUT_FILENO);
	assert_int_equal(parse("t -V", got, &e), 0);
	assert_string_equal(scratch_got(&grab),
			    "rudder-test (rudder) " RUDDER_VERSION "\n");
}

static void a_wrong_option_beats_help(void **state)
{
	struct err e = {0};
	char got[128];

	(void)state;
	assert_int_equal(parse("t --help --wrong-one", got, &e), -1);
}

static void finds_the_nearest_word(void **state)
{
	static const char *const shorts[] = {"csv", "id", NULL};
	static const char *const list[] = {"insert", "update", "delete", NULL};
	static const char *const none[] = {NULL};
	static const char *const longs[] = {
		"updateupdateupdateupdateupdateupdateupdate", NULL};

	(void)state;
	assert_string_equal(opt_nearest("updat", list), "update");
	assert_string_equal(opt_nearest("updtae", list), "update");
	assert_string_equal(opt_nearest("insret", list), "insert");
	assert_string_equal(opt_nearest("cvs", shorts), "csv");
	assert_string_equal(opt_nearest("csw", shorts), "csv");
	assert_null(opt_nearest("at", shorts));
	assert_null(opt_nearest("svc", shorts));
	assert_string_equal(opt_nearest("delete", list), "delete");
	assert_null(opt_nearest("merge", list));
	assert_null(opt_nearest("", list));
	assert_null(opt_nearest("update", none));
	/* too long for a typing mistake, of either */
	assert_null(opt_nearest("updateupdateupdateupdateupdateupdateupdate",
				list));
	assert_null(opt_nearest("update", longs));
}

static void adds_rows_behind_those_of_a_table(void **state)
{
	static const struct opt more[] = {
		{.name = "wait"}, {.name = "full"}, {0}};
	struct opt all[4] = {{.name = "key"}};

	(void)state;
	opt_add(all, COUNT_OF(all), more);
	assert_string_equal(all[0].name, "key");
	assert_string_equal(all[1].name, "wait");
	assert_string_equal(all[2].name, "full");
	assert_null(all[3].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_options_and_operands),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(sets_what_is_logged),
		cmocka_unit_test(takes_what_is_logged_from_a_caller),
		cmocka_unit_test(works_without_a_name_or_examples),
		cmocka_unit_test(prints_help_from_the_table),
		cmocka_unit_test(a_wrong_option_beats_help),
		cmocka_unit_test(finds_the_nearest_word),
		cmocka_unit_test(adds_rows_behind_those_of_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
