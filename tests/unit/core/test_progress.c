/* test_progress.c - unit tests of core/progress.h */
#include "cmocka_all.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

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
	assert_memory_equal(text, "5,000 rows  2", 13);
	assert_memory_equal(text + strlen(text) - 4, "\033[K\r", 4);
	assert_string_equal(drawn(&p, 0, 1024), ""); /* twice a second */
	p.drawn_ms -= 600;
	bad = 3;
	text = drawn(&p, 0, 1024);
	assert_memory_equal(text, "5,000 rows, 3 rejected  ", 24);
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
		{name, &rows}, {name + 1, &rows}, {NULL, NULL}};
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

/* The line ends in front of a character that would be cut. */
static void cuts_between_characters(void **state)
{
	static const char name[] =
		"seventy-four bytes of a name in front of a character of two, "
		"and it\xc3\xa9 goes on";
	const struct progress_count one[] = {{name, &rows}, {NULL, NULL}};
	struct progress p;
	const char *text;

	(void)state;
	rows = 12345678; /* 10 bytes and a blank in front */
	progress_init(&p, one);
	p.watched = true;
	text = drawn(&p, 2000, 1024);
	assert_int_equal(strlen(text), 78 + 4);
	assert_string_equal(text + 76, "it\033[K\r");
	progress_end(&p);
}

/* Nobody else may write on the line. */
static void takes_nothing_that_is_no_stage(void **state)
{
	static const char *const odd[] = {"", "4x", "/x", "9"};
	struct progress_feed feed;
	struct sockaddr_un to;
	socklen_t n = sizeof(to);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	progress_feed_listen(&feed);
	assert_true(fd >= 0 && feed.fd >= 0);
	assert_int_equal(getsockname(feed.fd, (struct sockaddr *)&to, &n), 0);
	for (size_t i = 0; i < COUNT_OF(odd); i++)
		assert_int_equal(sendto(fd, odd[i], strlen(odd[i]), 0,
					(struct sockaddr *)&to, n),
				 strlen(odd[i]));
	assert_int_equal(
		sendto(fd, "1a\x7f\t\n", 5, 0, (struct sockaddr *)&to, n), 5);
	progress_feed_take(&feed);
	assert_string_equal(feed.text[0], "");
	assert_string_equal(feed.text[1], "a??\n");
	assert_string_equal(feed.text[2], "");
	assert_string_equal(feed.text[3], "");
	progress_feed_close(&feed);
	close(fd);
}

/* A name that other stages have is shown once, by the first of them. */
static void shows_the_counters_of_the_other_stages(void **state)
{
	static const struct progress_count both[] = {
		{"accepted", &rows}, {"receipts", &bad}, {NULL, NULL}};
	struct buf text = {0};
	struct progress_feed query, send;
	struct progress p;

	(void)state;
	rows = 7;
	bad = 8;
	progress_init(&p, both);
	p.watched = true;
	progress_feed_listen(&p.feed);
	progress_feed_open(&query);
	progress_feed_open(&send);
	tool_start("rudder-send");
	buf_str(&text, "!waiting 2 s: \033[2J\n900 accepted\n");
	progress_feed_send(&send, &text);
	tool_start("rudder-query");
	text.n = 0;
	buf_str(&text, "2000000 rows read\nnot a count\n12\n 7 x\n");
	progress_feed_send(&query, &text);
	tool_start("rudder-other");
	text.n = 0;
	buf_str(&text, "1 never seen\n");
	progress_feed_send(&query, &text);
	tool_start("rudder");
	assert_string_equal(drawn(&p, 2000, 1),
			    "2,000,000 rows read, 900 accepted, 8 receipts  2 "
			    "s  waiting 2 s: ?[2J\033[K\r");
	progress_feed_close(&query);
	progress_feed_close(&send);
	progress_end(&p);
	buf_clear(&text);
}

static void two_pipes_of_a_group_do_not_mix(void **state)
{
	struct progress_feed first, second, stage;
	struct buf text = {0};

	(void)state;
	progress_feed_listen(&first);
	progress_feed_listen(&second);
	assert_true(first.fd >= 0);
	assert_int_equal(second.fd, -1);
	progress_feed_open(&stage);
	tool_start("rudder-map");
	buf_str(&text, "1 events\n");
	progress_feed_send(&stage, &text);
	tool_start("rudder");
	progress_feed_take(&second);
	progress_feed_take(&first);
	assert_string_equal(second.text[2], "");
	assert_string_equal(first.text[2], "1 events\n");
	progress_feed_close(&first);
	/* nobody takes it: it is lost, and nobody waits */
	progress_feed_send(&stage, &text);
	progress_feed_close(&stage);
	buf_clear(&text);
}

static int idle_calls;

static void count_idle(void *ctx)
{
	int *pipe = ctx;

	if (++idle_calls == 2)
		assert_int_equal(write(pipe[1], "x", 1), 1);
}

static void is_drawn_while_the_command_waits(void **state)
{
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	tool_await(fd[0]); /* nothing to do in between: returns at once */
	assert_int_equal(tool_idle_wait(-1), -1);
	tool_idle();
	tool_on_idle(count_idle, fd);
	assert_int_equal(tool_idle_wait(-1), TOOL_IDLE_MS);
	assert_int_equal(tool_idle_wait(60000), TOOL_IDLE_MS);
	assert_int_equal(tool_idle_wait(20), 20);
	tool_await(fd[0]);
	assert_int_equal(idle_calls, 2);
	tool_await(fd[0]);
	assert_int_equal(idle_calls, 2);
	tool_on_idle(NULL, NULL);
	close(fd[0]);
	close(fd[1]);
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
	assert_int_equal(progress_stats(&p, "/dev/fd/999", &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_string_equal(e.text,
			    "cannot open '/dev/fd/999': Bad file descriptor");
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
		cmocka_unit_test(cuts_between_characters),
		cmocka_unit_test(takes_nothing_that_is_no_stage),
		cmocka_unit_test(shows_the_counters_of_the_other_stages),
		cmocka_unit_test(two_pipes_of_a_group_do_not_mix),
		cmocka_unit_test(is_drawn_while_the_command_waits),
		cmocka_unit_test(is_wiped_before_a_message),
		cmocka_unit_test(writes_its_counters_to_a_file),
		cmocka_unit_test(writes_its_counters_through_a_device),
		cmocka_unit_test(
			writes_its_counters_into_a_redirected_descriptor),
		cmocka_unit_test(manages_without_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
