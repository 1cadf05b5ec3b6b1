/* test_held.c - unit tests of send/held.h */
#include <unistd.h>

#include "cmocka_all.h"

#include "send/held.h"

static const struct batch_frame frame = {"[", ",", "]"};

/* Holds two receipts, one in doubt, and gives what is written for them. */
static void release(bool guilty, char *text, size_t size)
{
	struct held h = {0};
	struct batch *b = batch_new();
	struct receipt r = {.code = 400, .attempts = 2, .reason = "no"};
	struct slice none = {0};
	struct writer *out;
	struct err e;
	ssize_t got;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	out = writer_new(fd[1], 4096);
	batch_add(b, &frame, slice_str("{\"recordId\":7}"), none, none, none);
	held_add(&h, b, &b->item[0], &r, false);
	held_add(&h, b, &b->item[0], &r, true);
	assert_int_equal(h.n, 2);
	assert_int_equal(h.doubtful, 1);
	assert_int_equal(held_release(&h, guilty, out, &e), 0);
	assert_int_equal(h.n, 0);
	assert_int_equal(h.doubtful, 0);
	assert_int_equal(writer_close(out, &e), 0);
	writer_free(out);
	got = read(fd[0], text, size - 1);
	assert_true(got > 0);
	text[got] = '\0';
	close(fd[0]);
	held_clear(&h);
	batch_free(b);
}

static void says_rejected_where_the_event_was_guilty(void **state)
{
	char text[1024];

	(void)state;
	release(true, text, sizeof(text));
	assert_string_equal(text, "{\"status\":\"rejected\",\"code\":400,"
				  "\"attempts\":2,\"ms\":0,\"reason\":\"no\"}\n"
				  "{\"status\":\"unknown\",\"code\":400,"
				  "\"attempts\":2,\"ms\":0,\"refused\":true,"
				  "\"reason\":\"no\"}\n");
}

static void says_failed_where_it_was_not(void **state)
{
	char text[1024];

	(void)state;
	release(false, text, sizeof(text));
	assert_string_equal(text,
			    "{\"status\":\"failed\",\"code\":400,"
			    "\"attempts\":2,\"ms\":0,\"reason\":\"no\"}\n"
			    "{\"status\":\"unknown\",\"code\":400,"
			    "\"attempts\":2,\"ms\":0,\"reason\":\"no\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_rejected_where_the_event_was_guilty),
		cmocka_unit_test(says_failed_where_it_was_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
