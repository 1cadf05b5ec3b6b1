/* test_body.c - unit tests of send/dest/body.h */
#include "cmocka_all.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "send/dest/body.h"

/* The last child of a process; 0: none that is shown. */
static pid_t child_of(pid_t pid)
{
	char path[64];
	char text[256], *end;
	size_t n;
	FILE *f;
	long last = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
		 (int)pid);
	f = fopen(path, "r");
	n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[n] = '\0';
	for (char *at = text; *at >= '0' && *at <= '9';
	     at = end + strspn(end, " "))
		last = strtol(at, &end, 10);
	if (f)
		fclose(f);
	return (pid_t)last;
}

static void ends_with_a_process_that_does_not_listen(void **state)
{
	struct buf out = {0};
	struct body *b;
	struct err e;
	pid_t worker;

	(void)state;
	assert_int_equal(body_open(&b, "--body", "{a: .}", false, &e), 0);
	assert_int_equal(body_make(b, slice_str("1"), &out, &e), 1);
	assert_string_equal(buf_cstr(&out), "{\"a\":1}");
	worker = child_of(child_of(getpid()));
	if (worker > 0)
		(void)kill(worker, SIGSTOP);
	alarm(20); /* ends the test where body_close does not end */
	body_close(b);
	alarm(0);
	buf_clear(&out);
	if (worker <= 0)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_with_a_process_that_does_not_listen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
