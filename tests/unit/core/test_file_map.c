/* test_file_map.c - unit tests of core/file_map.h */
#include "cmocka_all.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/file_map.h"
#include "scratch.h"

static void maps_files(void **state)
{
	struct file_map m;
	struct err e = {0};

	(void)state;
	scratch_enter();
	assert_int_equal(file_map(&m, "none", &e), 0);
	assert_null(m.p);
	scratch_file("empty", "");
	assert_int_equal(file_map(&m, "empty", &e), 1);
	assert_null(m.p);
	assert_int_equal(m.n, 0);
	file_map_clear(&m);
	scratch_file("f", "abc");
	assert_int_equal(file_map(&m, "f", &e), 1);
	assert_int_equal(m.n, 3);
	assert_memory_equal(m.p, "abc", 3);
	file_map_clear(&m);
	assert_null(m.p);
	file_map_clear(&m);
	assert_int_equal(file_map(&m, ".", &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(mkfifo("fifo", 0600), 0); /* never waits for it */
	assert_int_equal(file_map(&m, "fifo", &e), -1);
	scratch_leave();
}

static void maps_only_files(void **state)
{
	struct file_map m;
	struct err e;
	int pair[2];

	(void)state;
	assert_int_equal(pipe(pair), 0);
	assert_int_equal(file_map_fd(&m, pair[0], "p", &e), -1);
	assert_string_equal(e.text, "'p' is not a regular file");
	assert_null(m.p);
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_files),
		cmocka_unit_test(maps_only_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
