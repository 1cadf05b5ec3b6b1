/* test_input.c - unit tests of wire/stream/input.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "wire/stream/input.h"

#define BEGIN "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"rows\"}}\n"
#define END(n)                                                                 \
	"{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\",\"rows\":" n "}}"  \
	"\n"
#define REJECT "{\"_rudder\":{\"type\":\"reject\",\"stage\":\"query\"}}\n"
#define SKIP   "{\"_rudder\":{\"type\":\"skip\",\"stage\":\"map\"}}\n"
#define CHANGE                                                                 \
	"{\"_rudder\":{\"type\":\"change\",\"action\":\"insert\",\"id\":"      \
	"\"1\","                                                               \
	"\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":1}\n"

static int pipe_with(const char *text)
{
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], text, strlen(text)), strlen(text));
	close(fd[1]);
	return fd[0];
}

#define ABORT                                                                  \
	"{\"_rudder\":{\"type\":\"abort\",\"stage\":\"query\",\"status\":69,"  \
	"\"reason\":\"no route\"}}\n"

/* ABORTED: the error is that of the abort line */
enum { TRUST = 1, ANY = 2, ABORTED = 4 };

/* kinds: a letter for each line: a abort, b begin, e end, d data, x bad, n
 * note, o other, ! an error.
 */
static const struct {
	const char *label, *in, *kinds;
	int options;
	const char *incomplete; /* NULL: complete */
} cases[] = {
	{"a whole stream", BEGIN "{\"id\":1}\n{\"id\":2}\n" END("2"), "bdde", 0,
	 NULL},
	{"an empty one", BEGIN END("0"), "be", 0, NULL},
	{"no begin", "{\"id\":1}\n" END("1"), "de", 0, NULL},
	{"an end without counts",
	 "{\"id\":1}\n{\"_rudder\":{\"type\":\"end\"}}\n", "de", 0, NULL},
	{"changes and notes",
	 "{\"_rudder\":{\"type\":\"begin\",\"stream\":\"changes\"}}\n" CHANGE
		 REJECT SKIP SKIP
	 "{\"_rudder\":{\"type\":\"end\",\"stream\":\"changes\",\"changes\":1,"
	 "\"rejects\":1,\"skips\":2}}\n",
	 "bdnnne", 0, NULL},
	{"a control line of a later version",
	 BEGIN "{\"_rudder\":{\"type\":\"mark\"}}\n" END("0"), "boe", 0, NULL},
	{"members added to the end line",
	 BEGIN "{\"x\":1,\"_rudder\":{\"type\":\"end\",\"rows\":0},\"y\":2}\n",
	 "be", 0, NULL},
	{"nothing at all", "", "", 0,
	 "input ended without its end line after 0 lines: the command "
	 "that writes it was killed or failed"},
	{"no end", BEGIN "{\"id\":1}\n", "bd", 0,
	 "input ended without its end line after 1 row: the command "
	 "that writes it was killed or failed"},
	{"no end, end of file trusted", "{\"id\":1}\n", "d", TRUST, NULL},
	{"a cut line", "{\"id\":1}\n{\"id\":", "d", 0,
	 "input truncated inside line 2: the command that writes it was killed "
	 "or failed"},
	{"a cut line that looks whole", BEGIN "{\"id\":1}\n{\"id\":2}", "bd",
	 TRUST,
	 "input truncated inside line 3: the command that writes it was killed "
	 "or failed"},
	{"a cut line behind the end", BEGIN END("0") "x", "be", 0,
	 "input truncated inside line 3: the command that writes it was killed "
	 "or failed"},
	{"a cut line that is too long",
	 "{\"id\":1}\n{\"id\":\"0123456789012345678901234567890123456789"
	 "012345678901234567890123456789012345678901234567890123456789012345678"
	 "9"
	 "01234567890123456789",
	 "d", TRUST,
	 "input truncated inside line 2: the command that writes it was killed "
	 "or failed"},
	{"a line dropped on the way", BEGIN "{\"id\":1}\n" END("2"), "bde", 0,
	 "the end line counts 2 rows, but 1 arrived: a command in between "
	 "dropped or added lines (if intended, use 'rudder filter -- CMD' or "
	 "--any-counts)"},
	{"a filter may drop lines if it is said", BEGIN END("2"), "be", ANY,
	 NULL},
	{"a line added on the way", BEGIN "{\"id\":1}\n" END("0"), "bde", 0,
	 "the end line counts 0 rows, but 1 arrived: a command in between "
	 "dropped or added lines (if intended, use 'rudder filter -- CMD' or "
	 "--any-counts)"},
	{"a reject dropped on the way",
	 BEGIN "{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\",\"rows\":0,"
	       "\"rejects\":1}}\n",
	 "be", 0,
	 "the end line does not match the 0 rejects and 0 skips that arrived: "
	 "a command in between dropped or added lines (if intended, use "
	 "'rudder filter -- CMD' or --any-counts)"},
	{"a skip added on the way",
	 BEGIN SKIP
	 "{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\",\"rows\":0,"
	 "\"skips\":0}}\n",
	 "bne", 0,
	 "the end line does not match the 0 rejects and 1 skip that arrived: "
	 "a command in between dropped or added lines (if intended, use "
	 "'rudder filter -- CMD' or --any-counts)"},
	{"many are missing", BEGIN END("1234567"), "be", 0,
	 "the end line counts 1234567 rows, but 0 arrived: a command in "
	 "between "
	 "dropped or added lines (if intended, use 'rudder filter -- CMD' or "
	 "--any-counts)"},
	{"an invalid count", BEGIN "{\"id\":1}\n" END("\"1\""), "bde", 0,
	 "the end line does not match the 0 rejects and 0 skips that arrived: "
	 "a command in between dropped or added lines (if intended, use "
	 "'rudder filter -- CMD' or --any-counts)"},
	{"a second begin", BEGIN BEGIN, "b!", 0, NULL},
	{"an abort", BEGIN "{\"id\":1}\n" ABORT, "bda", 0,
	 "the query stage failed: no route"},
	{"an abort before begin, as sort(1) has it", ABORT BEGIN "{\"id\":1}\n",
	 "abd", 0, "the query stage failed: no route"},
	{"an abort outranks the end", BEGIN ABORT END("0"), "bae", 0,
	 "the query stage failed: no route"},
	{"also behind it", BEGIN END("0") ABORT, "bea", 0,
	 "the query stage failed: no route"},
	{"and a trusted end of file", ABORT, "a", TRUST | ANY,
	 "the query stage failed: no route"},
	{"and a cut line", BEGIN ABORT "{\"id\":", "ba", 0,
	 "the query stage failed: no route"},
	{"the first of two counts",
	 BEGIN ABORT
	 "{\"_rudder\":{\"type\":\"abort\",\"stage\":\"map\",\"status\":"
	 "75}}\n",
	 "baa", 0, "the query stage failed: no route"},
	{"among rejects", REJECT ABORT REJECT, "nan", 0,
	 "the query stage failed: no route"},
	{"a truncated abort is invalid",
	 BEGIN "{\"_rudder\":{\"type\":\"abort\"", "b", 0,
	 "input truncated inside line 2: the command that writes it was killed "
	 "or failed"},
	{"an abort further inside is data",
	 "{\"id\":1,\"a\":{\"_rudder\":{\"type\":\"abort\"}}}\n" END("1"), "de",
	 0, NULL},
	{"two streams joined behind an abort", BEGIN ABORT BEGIN, "ba!",
	 ABORTED, NULL},
	{"a line after the end line after an abort",
	 BEGIN ABORT END("0") "{\"id\":1}\n", "bae!", ABORTED, NULL},
	{"data behind the end", BEGIN END("0") "{\"id\":1}\n", "be!", 0, NULL},
	{"an end behind the end", BEGIN END("0") END("0"), "be!", 0, NULL},
	{"bad lines are data lines",
	 BEGIN
	 "[]\n{\"id\":}\n\n{\"id\":1,\"id\":2}\n{\"id\":\"\xff\"}\n" END("5"),
	 "bxxxxxe", 0, NULL},
	{"a line too long",
	 "{\"id\":"
	 "\"012345678901234567890123456789012345678901234567890123456789"
	 "012345678901234567890123456789012345678901234567890123456789012345678"
	 "9"
	 "\"}\n" END("1"),
	 "xe", 0, NULL},
	{"_rudder that says nothing", "{\"_rudder\":7}\n" END("1"), "xe", 0,
	 NULL},
	{"_rudder without a type", "{\"id\":1,\"_rudder\":{}}\n" END("1"), "xe",
	 0, NULL},
	{"_rudder further inside is data",
	 "{\"id\":1,\"a\":{\"_rudder\":{\"type\":\"end\"}}}\n" END("1"), "de",
	 0, NULL},
};

static void tells_lines_apart_and_knows_a_cut_stream(void **state)
{
	static const char letter[] = {
		[INPUT_DATA] = 'd',  [INPUT_BAD] = 'x',  [INPUT_BEGIN] = 'b',
		[INPUT_END] = 'e',   [INPUT_NOTE] = 'n', [INPUT_OTHER] = 'o',
		[INPUT_ABORT] = 'a',
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct input_options o = {
			.max_line = 120,
			.trust_eof = cases[i].options & TRUST,
			.any_counts = cases[i].options & ANY,
		};
		int fd = pipe_with(cases[i].in), rc;
		struct input in;
		struct err e = {0};
		char got[16] = "", reason[ABORT_REASON + 1];
		size_t n = 0;

		print_message("    %s\n", cases[i].label);
		input_init(&in, fd, &o, NULL, NULL);
		while ((rc = input_next(&in, &e)) > 0)
			got[n++] = letter[in.kind];
		if (rc < 0) {
			got[n++] = '!';
			assert_int_equal(e.kind, cases[i].options & ABORTED
							 ? ERR_ABORT
							 : ERR_DATA);
		}
		got[n] = '\0';
		assert_string_equal(got, cases[i].kinds);
		if (rc == 0) {
			rc = input_complete(&in, &e);
			assert_string_equal(
				e.text,
				cases[i].incomplete ? cases[i].incomplete : "");
			assert_int_equal(rc, cases[i].incomplete ? -1 : 0);
		}
		if (rc < 0 && e.kind == ERR_DATA && cases[i].incomplete) {
			/* its counts and advice are kept in records */
			abort_reason_of(reason, &e);
			assert_string_equal(reason, e.text);
		}
		input_clear(&in);
		close(fd);
	}
}

/* The next line of in, which must be there. */
static void next(struct input *in, enum input_kind kind)
{
	struct err e = {0};

	if (input_next(in, &e) != 1)
		fail_msg("%s", e.text);
	assert_int_equal(in->kind, kind);
}

static void gives_members_and_control_of_a_line(void **state)
{
	const struct input_options o = {.max_line = 1000};
	int fd = pipe_with("{\"id\":1,\"a\":null}\n" CHANGE
			   "{\"id\":1,\"a\":null}\n");
	struct input in;

	(void)state;
	input_init(&in, fd, &o, NULL, NULL);
	next(&in, INPUT_DATA);
	assert_int_equal(in.n, 2);
	assert_int_equal(in.rudder, -1);
	assert_int_equal(in.control.type, CONTROL_NONE);
	assert_true(slice_is(in.line, "{\"id\":1,\"a\":null}"));
	assert_true(slice_is(in.member[1].key, "a"));
	next(&in, INPUT_DATA);
	assert_int_equal(in.rudder, 0);
	assert_int_equal(in.control.type, CONTROL_CHANGE);
	assert_true(slice_is(in.control.action, "insert"));
	assert_int_equal(in.n, 2);
	next(&in, INPUT_DATA);
	assert_int_equal(in.control.type, CONTROL_NONE);
	assert_int_equal(in.rudder, -1);
	assert_int_equal(in.data, 3);
	assert_int_equal(input_lineno(&in), 3);
	input_clear(&in);
	close(fd);
}

static void counts_notes_of_earlier_stages(void **state)
{
	const struct input_options o = {.max_line = 1000};
	int fd = pipe_with(BEGIN REJECT SKIP REJECT "{\"id\":1}\nx\n");
	struct input in;
	struct err e = {0};

	(void)state;
	input_init(&in, fd, &o, NULL, NULL);
	while (input_next(&in, &e) > 0)
		;
	assert_true(in.begun);
	assert_false(in.ended);
	assert_int_equal(in.rejects, 2);
	assert_int_equal(in.skips, 1);
	assert_int_equal(in.data, 2);
	input_clear(&in);
	close(fd);
}

static void says_where_a_line_is_bad(void **state)
{
	const struct input_options o = {.max_line = 16};
	int fd = pipe_with("{\"id\":1,}\n\n{\"id\":\"0123456789\"}\n"
			   "{\"_rudder\":{}}\n");
	struct input in;

	(void)state;
	input_init(&in, fd, &o, NULL, NULL);
	next(&in, INPUT_BAD);
	assert_string_equal(in.why, "byte 9: expected a name in double quotes");
	next(&in, INPUT_BAD);
	assert_string_equal(in.why, "byte 1: unexpected end of line");
	next(&in, INPUT_BAD);
	assert_string_equal(in.why, "line longer than 16 bytes");
	assert_true(slice_is(in.line, "{\"id\":\"012345678"));
	next(&in, INPUT_BAD);
	assert_string_equal(in.why, "member '_rudder' has no type");
	input_clear(&in);
	close(fd);
}

static void makes_rejects_of_lines(void **state)
{
	const struct input_options o = {.max_line = 1000};
	int fd = pipe_with(CHANGE "{\"id\":1}\n{\"_rudder\":{\"id\":\"x\"}}\n");
	struct input in;
	struct buf b = {0};

	(void)state;
	input_init(&in, fd, &o, NULL, NULL);
	next(&in, INPUT_DATA);
	input_reject(&in, &b, "map", "no");
	assert_memory_equal(b.p,
			    "{\"_rudder\":{\"type\":\"reject\",\"stage\":"
			    "\"map\",\"id\":\"1\","
			    "\"action\":\"insert\",\"change\":"
			    "\"0123456789abcdef0123456789abcdef"
			    "\",\"line\":1,\"reason\":\"no\",\"record\":\"{",
			    147);
	b.n = 0;
	next(&in, INPUT_DATA);
	input_reject(&in, &b, "map", "no");
	assert_string_equal(
		buf_cstr(&b),
		"{\"_rudder\":{\"type\":\"reject\",\"stage\":\"map\","
		"\"line\":2,\"reason\":\"no\",\"record\":"
		"\"{\\\"id\\\":1}\"}}");
	b.n = 0;
	next(&in, INPUT_BAD);
	input_reject(&in, &b, "map", in.why);
	assert_string_equal(
		buf_cstr(&b),
		"{\"_rudder\":{\"type\":\"reject\",\"stage\":\"map\","
		"\"line\":3,\"reason\":\"member '_rudder' has no "
		"type\",\"record\":"
		"\"{\\\"_rudder\\\":{\\\"id\\\":\\\"x\\\"}}\"}}");
	buf_clear(&b);
	input_clear(&in);
	close(fd);
}

static void takes_lines_that_the_caller_split(void **state)
{
	static const char text[80] = "{\"id\":1}\n";
	const struct input_options o = {.max_line = 1000};
	struct input in;
	struct err e = {0};

	(void)state;
	input_init(&in, -1, &o, NULL, NULL);
	assert_int_equal(input_take(&in, slice_of(text, 8), false, &e), 1);
	assert_int_equal(in.kind, INPUT_DATA);
	assert_int_equal(input_take(&in, slice_of(text, 8), true, &e), 1);
	assert_int_equal(in.kind, INPUT_BAD);
	assert_int_equal(input_next(&in, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	input_clear(&in);
}

/* ---- --end-from: the end line from a file ------------------------------- */

static const struct {
	const char *label, *file;
	bool taken;
} end_files[] = {
	{"an end line", END("5"), true},
	{"members before and behind",
	 "{\"x\":1,\"_rudder\":{\"type\":\"end\"},\"y\":2}\n", true},
	{"a begin line", BEGIN, false},
	{"an abort line", ABORT, false},
	{"a row that holds one", "{\"a\":{\"_rudder\":{\"type\":\"end\"}}}\n",
	 false},
	{"a row", "{\"id\":1}\n", false},
	{"two lines", BEGIN END("5"), false},
	{"no LF behind it", "{\"_rudder\":{\"type\":\"end\"}}", false},
	{"nothing", "", false},
	{"no JSON", "end\n", false},
};

static void takes_the_end_line_from_a_file(void **state)
{
	const struct input_options o = {.max_line = 1000};
	static const char path[] = "end";
	int at;

	(void)state;
	scratch_enter();
	at = open(path, O_RDWR | O_CREAT, 0600);
	assert_true(at >= 0);
	for (size_t i = 0; i < COUNT_OF(end_files); i++) {
		const char *text = end_files[i].file;
		int fd = pipe_with("{\"id\":1}\n"), rc;
		struct input in;
		struct err e = {0};

		assert_int_equal(ftruncate(at, 0), 0);
		assert_int_equal(pwrite(at, text, strlen(text), 0),
				 strlen(text));
		input_init(&in, fd, &o, NULL, NULL);
		while ((rc = input_next(&in, &e)) > 0)
			;
		assert_int_equal(rc, 0);
		if ((input_end_from(&in, path, &e) == 0) != end_files[i].taken)
			fail_msg("%s", end_files[i].label);
		assert_int_equal(in.ended, end_files[i].taken);
		assert_int_equal(in.partial, end_files[i].taken);
		assert_int_equal(e.kind, end_files[i].taken ? 0 : ERR_DATA);
		input_clear(&in);
		close(fd);
	}
	close(at);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_lines_apart_and_knows_a_cut_stream),
		cmocka_unit_test(gives_members_and_control_of_a_line),
		cmocka_unit_test(counts_notes_of_earlier_stages),
		cmocka_unit_test(says_where_a_line_is_bad),
		cmocka_unit_test(makes_rejects_of_lines),
		cmocka_unit_test(takes_lines_that_the_caller_split),
		cmocka_unit_test(takes_the_end_line_from_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
