/* test_progress.c - unit tests of core/progress.h */
#include "cmocka_all.h"

#include <sys/stat.h>

#include "core/progress.h"
#include "core/tool.h"
#include "scratch.h"

static uint64_t rows, bad;
static const struct progress_count counts[] = {
	{"rows", &rows}, {"rejected", &bad}, {NULL, NULL}};

/* What is drawn after n ticks when the work began so long ago. */
static const char *drawn(struct progress *p, uint64_t ago_ms, int n)
{
	static struct scratch_grab grab;

	p->started_ms -= ago_ms;
	scratch_grab(&grab, STDERR_FILENO);
	for (int i = 0; i < n; i++)
		progress_tick(p);
	return scratch_got(&grab);
}

static void draws_nothing_where_nobody_watches(void **state)
{
	struct progress p;

	(void)state;
	progress_init(&p, counts);
	assert_false(p.watched);
	assert_string_equal(drawn(&p, 5000, 5000), "");
	progress_end(&p);
}

static void draws_after_a_second_of_work(void **state)
{
	static struct scratch_grab grab;
	struct progress p;
	const char *text;

	(void)state;
	rows = 5000;
	bad = 0;
	progress_init(&p, counts);
	p.watched = true; /* as on a terminal */
	assert_string_equal(drawn(&p, 0, 5000), "");
	text = drawn(&p, 2000, 1024);
	assert_memory_equal(text, "5000 rows  2", 12);
	assert_memory_equal(text + strlen(text) - 4, "\033[K\r", 4);
	assert_string_equal(drawn(&p, 0, 1024), ""); /* twice a second */
	p.drawn_ms -= 600;
	bad = 3;
	text = drawn(&p, 0, 1024);
	assert_memory_equal(text, "5000 rows  3 rejected  ", 23);
	scratch_grab(&grab, STDERR_FILENO);
	progress_end(&p);
	progress_end(&p);
	assert_string_equal(scratch_got(&grab), "\033[K");
}

static void keeps_to_one_line(void **state)
{
	static const char name[] =
		"a_name_as_long_as_a_line_of_a_terminal_that_would_wrap_around"
		"_and_around";
	const struct progress_count many[] = {
		{name, &rows}, {name, &rows}, {NULL, NULL}};
	struct progress p;
	const char *text;

	(void)state;
	rows = 1;
	progress_init(&p, many);
	p.watched = true;
	text = drawn(&p, 2000, 1024);
	assert_int_equal(strlen(text), 79 + 4);
	progress_end(&p);
}

static void is_wiped_before_a_message(void **state)
{
	static struct scratch_grab grab;
	struct progress p;

	(void)state;
	progress_init(&p, counts);
	p.watched = true;
	assert_true(strlen(drawn(&p, 2000, 1024)) > 0);
	scratch_grab(&grab, STDERR_FILENO);
	tool_warn("look");
	assert_string_equal(scratch_got(&grab),
			    "\033[Krudder: warning: look\n");
	progress_end(&p);
}

static void writes_its_counters_to_a_file(void **state)
{
	struct progress p;
	struct err e = {0};

	(void)state;
	scratch_enter();
	rows = 7;
	bad = 0;
	progress_init(&p, counts);
	assert_int_equal(progress_stats(&p, NULL, &e), 0);
	assert_int_equal(progress_stats(&p, "stats", &e), 0);
	assert_memory_equal(scratch_text("stats"),
			    "{\"rows\":7,\"rejected\":0,\"ms\":", 28);
	assert_string_equal(strchr(scratch_text("stats"), '}'), "}\n");
	assert_int_equal(progress_stats(&p, "no/stats", &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	scratch_leave();
}

static void writes_its_counters_through_a_device(void **state)
{
	struct progress p;
	struct err e = {0};
	struct stat st;
	int fd[2];
	char path[32], text[64];

	(void)state;
	progress_init(&p, counts);
	assert_int_equal(progress_stats(&p, "/dev/null", &e), 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(progress_stats(&p, "/dev/full", &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(pipe(fd), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd[1]);
	assert_int_equal(progress_stats(&p, path, &e), 0);
	assert_true(read(fd[0], text, sizeof(text)) > 20);
	assert_memory_equal(text, "{\"rows\":", 8);
	close(fd[0]);
	close(fd[1]);
}

/* A redirected standard error is a file, but not one to put another in place
 * of: who wrote before and writes behind goes on in it.
 */
static void writes_its_counters_into_a_redirected_descriptor(void **state)
{
	struct progress p;
	struct err e = {0};
	char path[32];
	int fd;

	(void)state;
	scratch_enter();
	fd = open("log", O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	progress_init(&p, counts);
	assert_int_equal(write(fd, "before\n", 7), 7);
	assert_int_equal(progress_stats(&p, path, &e), 0);
	assert_int_equal(write(fd, "behind\n", 7), 7);
	assert_memory_equal(scratch_text("log"), "before\n{\"rows\":", 15);
	assert_string_equal(strchr(scratch_text("log"), '}'), "}\nbehind\n");
	close(fd);
	scratch_leave();
}

static void manages_without_counters(void **state)
{
	const struct progress_count none[] = {{NULL, NULL}};
	struct progress p;

	(void)state;
	progress_init(&p, none);
	p.watched = true;
	assert_string_equal(drawn(&p, 2000, 1024), "2 s\033[K\r");
	progress_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_nothing_where_nobody_watches),
		cmocka_unit_test(draws_after_a_second_of_work),
		cmocka_unit_test(keeps_to_one_line),
		cmocka_unit_test(is_wiped_before_a_message),
		cmocka_unit_test(writes_its_counters_to_a_file),
		cmocka_unit_test(writes_its_counters_through_a_device),
		cmocka_unit_test(
			writes_its_counters_into_a_redirected_descriptor),
		cmocka_unit_test(manages_without_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
