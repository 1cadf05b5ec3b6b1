/* test_tool.c - unit tests of core/tool.h */
#include "cmocka_all.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/tool.h"
#include "scratch.h"

static struct scratch_grab grab;

static void puts_its_name_and_level_in_front(void **state)
{
	(void)state;
	tool_start("rudder-test");
	assert_string_equal(tool_name(), "rudder-test");
	tool_set_log(TOOL_DEBUG, false);
	scratch_grab(&grab, STDERR_FILENO);
	tool_warn("look at %d", 1);
	tool_info("done");
	tool_debug("step %s", "two");
	assert_string_equal(scratch_got(&grab),
			    "rudder-test: warning: look at 1\n"
			    "rudder-test: done\n"
			    "rudder-test: debug: step two\n");
}

static void lets_through_what_is_asked_for(void **state)
{
	static const char *const want[] = {
		[TOOL_ERROR] = "",
		[TOOL_WARNING] = "rudder-test: warning: w\n",
		[TOOL_INFO] = "rudder-test: warning: w\nrudder-test: i\n"
			      "rudder-test: s\n",
		[TOOL_DEBUG] = "rudder-test: warning: w\nrudder-test: i\n"
			       "rudder-test: debug: d\nrudder-test: s\n",
	};

	(void)state;
	for (int level = TOOL_ERROR; level <= TOOL_DEBUG; level++) {
		tool_set_log((enum tool_level)level, false);
		assert_true(tool_logs(TOOL_ERROR));
		assert_int_equal(tool_logs(TOOL_INFO), level >= TOOL_INFO);
		scratch_grab(&grab, STDERR_FILENO);
		tool_warn("w");
		tool_info("i");
		tool_debug("d");
		tool_summary("s"); /* standard error is no terminal here */
		assert_string_equal(scratch_got(&grab), want[level]);
	}
}

static void writes_json_lines(void **state)
{
	const char *got;

	(void)state;
	tool_set_log(TOOL_WARNING, true);
	scratch_grab(&grab, STDERR_FILENO);
	tool_warn("a \"b\" \\ \t\x7f \xc3\xa9");
	got = scratch_got(&grab);
	assert_memory_equal(got, "{\"ts\":\"2", 8);
	assert_string_equal(
		strstr(got, "Z\","),
		"Z\",\"level\":\"warning\",\"tool\":\"rudder-test\","
		"\"msg\":\"a \\\"b\\\" \\\\ \\u0009\\u007f "
		"\xc3\xa9\"}\n");
	tool_set_log(TOOL_WARNING, false);
}

static void a_summary_can_be_turned_off(void **state)
{
	(void)state;
	setenv(TOOL_SUMMARY, "0", 1);
	tool_start("rudder-test");
	tool_set_log(TOOL_WARNING, false);
	scratch_grab(&grab, STDERR_FILENO);
	tool_dry_summary("s");
	assert_string_equal(scratch_got(&grab), "");
	setenv(TOOL_SUMMARY, "1", 1);
	tool_start("rudder-test");
	scratch_grab(&grab, STDERR_FILENO);
	tool_dry_summary("s");
	assert_string_equal(scratch_got(&grab), "rudder-test: dry run: s\n");
	unsetenv(TOOL_SUMMARY);
	tool_start("rudder-test");
}

static void says_which_signal_stopped_it(void **state)
{
	static char name[1100];
	const char *got;

	(void)state;
	tool_set_log(TOOL_WARNING, true);
	scratch_grab(&grab, STDERR_FILENO);
	tool_stopped(SIGTERM);
	assert_string_equal(
		scratch_got(&grab),
		"{\"level\":\"error\",\"tool\":\"rudder-test\",\"msg\":"
		"\"stopped by SIGTERM\"}\n");
	tool_set_log(TOOL_WARNING, false);
	scratch_grab(&grab, STDERR_FILENO);
	tool_stopped(SIGHUP);
	tool_stopped(SIGINT);
	assert_string_equal(scratch_got(&grab),
			    "rudder-test: stopped by SIGHUP\n"
			    "rudder-test: stopped by a signal\n");
	/* a state of which no line has room is not shown in part */
	memset(name, 's', sizeof(name) - 1);
	tool_set_owner(slice_str(name), slice_str(""));
	scratch_grab(&grab, STDERR_FILENO);
	tool_stopped(SIGTERM);
	got = scratch_got(&grab);
	assert_string_equal(got, "");
	tool_set_owner(slice_str("s"), slice_str("r"));
	scratch_grab(&grab, STDERR_FILENO);
	tool_stopped(SIGTERM);
	assert_string_equal(scratch_got(&grab),
			    "rudder-test[s r]: stopped by SIGTERM\n");
}

/* A message never breaks its line, the terminal, or JSON. */
static void tames_what_a_name_may_hold(void **state)
{
	static const char *const cases[][2] = {
		{"\n", "\\u000a"},
		{"\033[2J", "\\u001b[2J"},
		{"\xc2\x9b"
		 "2J",
		 "\\u009b2J"},
		{"\xc2\xa0", "\xc2\xa0"},
		{"\xff", "\xef\xbf\xbd"},
		{"\x80"
		 "a",
		 "\xef\xbf\xbd"
		 "a"},
		{"\xc3", "\xef\xbf\xbd"},
		{"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xe0\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xf4\x90\x80\x80",
		 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
		{"\xe2\x80\xaex", "\\u202ex"}, /* turns text around */
		{"a\xe2\x80\x8b", "a\\u200b"}, /* zero width */
		{"\xf3\xa0\x81\x81", "\\udb40\\udc41"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char want[64];

		snprintf(want, sizeof(want), "rudder-test: warning: %s\n",
			 cases[i][1]);
		scratch_grab(&grab, STDERR_FILENO);
		tool_warn("%s", cases[i][0]);
		assert_string_equal(scratch_got(&grab), want);
	}
}

static void cuts_a_message_that_is_too_long(void **state)
{
	char text[5000];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	scratch_grab(&grab, STDERR_FILENO);
	tool_warn("%s", text);
	assert_true(strlen(scratch_got(&grab)) < 1100);
	assert_int_equal(grab.text[strlen(grab.text) - 1], '\n');
}

static void wipes_a_progress_line_first(void **state)
{
	(void)state;
	scratch_grab(&grab, STDERR_FILENO);
	tool_line_shown(true);
	tool_warn("a");
	tool_warn("b");
	assert_string_equal(scratch_got(&grab),
			    "\033[Krudder-test: warning: a\n"
			    "rudder-test: warning: b\n");
}

static void ends_with_the_status_of_the_error(void **state)
{
	struct err e = {0};

	(void)state;
	scratch_grab(&grab, STDERR_FILENO);
	assert_int_equal(tool_end(0, &e), 0);
	assert_int_equal(tool_end(1, &e), 0);
	err_set(&e, ERR_PARTIAL, "%s", "");
	assert_int_equal(tool_end(-1, &e), 1);
	err_set(&e, ERR_DATA, "line 3: bad");
	assert_int_equal(tool_end(-1, &e), 65);
	assert_string_equal(scratch_got(&grab), "rudder-test: line 3: bad\n");
}

static void shows_an_error_however_quiet(void **state)
{
	struct err e = {0};

	(void)state;
	tool_set_log(TOOL_ERROR, false);
	err_set(&e, ERR_IO, "disk");
	scratch_grab(&grab, STDERR_FILENO);
	assert_int_equal(tool_end(-1, &e), 74);
	assert_string_equal(scratch_got(&grab), "rudder-test: disk\n");
	tool_set_log(TOOL_WARNING, false);
}

/* In a process of its own, whose standard descriptors are closed. */
static int without_descriptors(void)
{
	char c;

	close(0);
	close(1);
	close(2);
	tool_start("rudder-test");
	if (write(1, "x", 1) != -1 || errno != EBADF)
		return 1;
	if (read(0, &c, 1) != -1 || errno != EBADF)
		return 2;
	if (fcntl(2, F_GETFD) < 0)
		return 3;
	return open("/dev/null", O_RDONLY) == 3 ? 0 : 4;
}

static void fills_closed_descriptors_so_that_use_fails(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		for (int fd = 3; fd < 20; fd++)
			close(fd);
		_exit(without_descriptors());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void leaves_open_descriptors_alone(void **state)
{
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	scratch_grab(&grab, STDOUT_FILENO);
	tool_start("rudder-test");
	assert_int_equal(write(STDOUT_FILENO, "x", 1), 1);
	assert_string_equal(scratch_got(&grab), "x");
	close(fd[0]);
	close(fd[1]);
}

static void keeps_libraries_off_standard_output(void **state)
{
	struct err e = {0};
	struct stat null, st;
	int aside;

	(void)state;
	assert_int_equal(tool_out(), STDOUT_FILENO);
	scratch_grab(&grab, STDOUT_FILENO);
	aside = tool_set_aside(STDOUT_FILENO, &e);
	assert_true(aside > STDERR_FILENO);
	assert_int_equal(tool_out(), aside);
	assert_true(fcntl(aside, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(write(STDOUT_FILENO, "forged", 6), 6);
	assert_int_equal(write(aside, "rows", 4), 4);
	assert_int_equal(stat("/dev/null", &null), 0);
	assert_int_equal(fstat(STDOUT_FILENO, &st), 0);
	assert_true(st.st_rdev == null.st_rdev);
	assert_string_equal(scratch_got(&grab), "rows");
	close(aside);
}

static void keeps_libraries_off_standard_input(void **state)
{
	int was = dup(STDIN_FILENO), fd[2], aside;
	struct err e = {0};
	char c;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	dup2(fd[0], STDIN_FILENO);
	assert_int_equal(write(fd[1], "x", 1), 1);
	aside = tool_set_aside(STDIN_FILENO, &e);
	assert_true(aside > STDERR_FILENO);
	assert_int_equal(read(STDIN_FILENO, &c, 1), 0);
	assert_int_equal(read(aside, &c, 1), 1);
	dup2(was, STDIN_FILENO);
	close(was);
	close(aside);
	close(fd[0]);
	close(fd[1]);
}

static void says_that_no_descriptor_is_left(void **state)
{
	struct rlimit was, few = {.rlim_cur = 5, .rlim_max = 0};
	struct err e = {0};
	int out = tool_out();

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few.rlim_max = was.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(tool_set_aside(STDOUT_FILENO, &e), -1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_equal(e.kind, ERR_OS);
	assert_int_equal(tool_out(), out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_its_name_and_level_in_front),
		cmocka_unit_test(lets_through_what_is_asked_for),
		cmocka_unit_test(writes_json_lines),
		cmocka_unit_test(tames_what_a_name_may_hold),
		cmocka_unit_test(cuts_a_message_that_is_too_long),
		cmocka_unit_test(wipes_a_progress_line_first),
		cmocka_unit_test(ends_with_the_status_of_the_error),
		cmocka_unit_test(shows_an_error_however_quiet),
		cmocka_unit_test(fills_closed_descriptors_so_that_use_fails),
		cmocka_unit_test(leaves_open_descriptors_alone),
		cmocka_unit_test(keeps_libraries_off_standard_output),
		cmocka_unit_test(keeps_libraries_off_standard_input),
		cmocka_unit_test(says_that_no_descriptor_is_left),
		cmocka_unit_test(a_summary_can_be_turned_off),
		cmocka_unit_test(says_which_signal_stopped_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
