/* test_compare.c - unit tests of diff/compare.h; what leaves for which rows is
 * in tests/cli/diff/files.t
 */
#include "cmocka_all.h"

#include "diff/compare.h"
#include "diff/pass/pass.h"
#include "made.h"

static const struct diff_options options = {
	.key = "id", .input = {.max_line = INPUT_MAX_LINE}};

/* Compare "old" and "new", output to the file "out". */
static int compare(const struct diff_options *o, struct err *e)
{
	int out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int rc = compare_files(o, "old", "new", out, e);

	if (rc == 0 || e->kind == ERR_PARTIAL)
		assert_int_equal(fcntl(out, F_GETFD), -1);
	else
		close(out);
	return rc;
}

/* A row of number i: every seventh is no row, every fifth has no key, every
 * third is the one before again.
 */
static void add_row(struct buf *b, size_t i)
{
	if (i % 7 == 6)
		buf_str(b, "[]\n");
	else if (i % 5 == 4)
		buf_str(b, "{\"a\":1}\n");
	else
		buf_fmt(b, "{\"id\":%zu}\n", i % 3 == 2 ? i - 1 : i);
}

static void expect_row(struct buf *b, bool *seen, size_t i)
{
	size_t id = i % 3 == 2 ? i - 1 : i;

	if (i % 7 == 6 || i % 5 == 4 || seen[id]) {
		buf_fmt(b, "%zu ", i + 1);
		return;
	}
	seen[id] = true;
	buf_fmt(b, "i%zu ", id);
}

/* Of each line of "out": the id of an insert, the line number of a reject. */
static void digest(struct buf *b)
{
	FILE *f = fopen("out", "r");
	char line[512];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		const char *id = strstr(line, "insert\",\"id\":\"");
		const char *no = strstr(line, "\"line\":");

		if (id)
			buf_fmt(b, "i%zu ", (size_t)strtoul(id + 14, NULL, 10));
		else if (no)
			buf_fmt(b, "%zu ", (size_t)strtoul(no + 7, NULL, 10));
	}
	fclose(f);
}

static void keeps_the_order_whatever_the_batch(void **state)
{
	static const size_t sizes[] = {0,
				       1,
				       PASS_BATCH - 1,
				       PASS_BATCH,
				       PASS_BATCH + 1,
				       5 * PASS_BATCH};

	(void)state;
	scratch_enter();
	scratch_file("old", "");
	for (size_t k = 0; k < COUNT_OF(sizes); k++) {
		struct buf rows = {0}, want = {0}, got = {0};
		bool seen[5 * PASS_BATCH] = {0};
		struct err e = {0};

		for (size_t i = 0; i < sizes[k]; i++) {
			add_row(&rows, i);
			expect_row(&want, seen, i);
		}
		scratch_file("new", buf_cstr(&rows));
		assert_int_equal(compare(&options, &e), sizes[k] > 1 ? -1 : 0);
		assert_int_equal(e.kind, sizes[k] > 1 ? ERR_PARTIAL : ERR_NONE);
		digest(&got);
		assert_string_equal(buf_cstr(&got), buf_cstr(&want));
		buf_clear(&rows);
		buf_clear(&want);
		buf_clear(&got);
	}
	scratch_leave();
}

static const struct {
	const char *old, *new; /* NULL: no such file */
	const char *key;
	enum err_kind kind;
	const char *text; /* how it starts */
} wrong[] = {
	{"", "", NULL, ERR_USAGE, "two files need a key: -k COLUMN"},
	{"", "", "id,", ERR_USAGE, "a key column without a name"},
	{NULL, "", "id", ERR_INPUT, "cannot open 'old'"},
	{"", NULL, "id", ERR_INPUT, "cannot open 'new'"},
	{"[]\n", "", "id", ERR_DATA, "'old': line 1: "},
	{"{\"id\":1}\n{\"id\":1}\n", "", "id", ERR_DATA,
	 "'old': line 2: duplicate key"},
	{"{\"id\":1}", "", "id", ERR_DATA, "'old': input truncated inside"},
	{"", "{\"id\":1}", "id", ERR_DATA, "input truncated inside"},
};

static void says_what_is_wrong_with_a_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct diff_options o = options;
		struct err e = {0};

		scratch_enter();
		o.key = wrong[i].key;
		if (wrong[i].old)
			scratch_file("old", wrong[i].old);
		if (wrong[i].new)
			scratch_file("new", wrong[i].new);
		assert_int_equal(compare(&o, &e), -1);
		assert_int_equal(e.kind, wrong[i].kind);
		if (strncmp(e.text, wrong[i].text, strlen(wrong[i].text)) != 0)
			fail_msg("case %zu: %s", i, e.text);
		assert_null(strstr(scratch_text("out"), "\"type\":\"end\""));
		scratch_leave();
	}
}

/* The scanner of the new file has not seen the shapes of the old one. */
static void finds_columns_anew_in_the_second_file(void **state)
{
	struct diff_options o = options;
	struct err e;

	(void)state;
	scratch_enter();
	o.ignore = "b";
	scratch_file("old", "{\"id\":1,\"b\":2,\"c\":3}\n");
	scratch_file("new", "{\"c\":3,\"b\":9,\"id\":1}\n");
	assert_int_equal(compare(&o, &e), 0);
	assert_non_null(strstr(scratch_text("out"), "\"changes\":0"));
	assert_non_null(strstr(scratch_text("out"), "\"unchanged\":1"));
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_order_whatever_the_batch),
		cmocka_unit_test(says_what_is_wrong_with_a_file),
		cmocka_unit_test(finds_columns_anew_in_the_second_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
