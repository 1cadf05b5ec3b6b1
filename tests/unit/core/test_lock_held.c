/* test_lock_held.c - unit tests of core/lock_held.h */
#include "cmocka_all.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/lock_held.h"
#include "scratch.h"

static void sees_a_lock_of_either_kind(void **state)
{
	int fd, look, other;

	(void)state;
	scratch_enter();
	fd = open("a", O_RDWR | O_CREAT, 0600);
	look = open("a", O_RDONLY);
	other = open("b", O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0 && look >= 0 && other >= 0);
	if (access("/proc/locks", R_OK) != 0)
		skip();
	assert_false(lock_held(look));
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_true(lock_held(look));
	assert_false(lock_held(other));
	assert_int_equal(flock(fd, LOCK_SH), 0);
	assert_true(lock_held(look));
	assert_int_equal(flock(fd, LOCK_UN), 0);
	assert_false(lock_held(look));
	close(fd);
	close(look);
	close(other);
	scratch_leave();
}

static void has_no_lock_on_what_is_not_open(void **state)
{
	(void)state;
	assert_false(lock_held(-1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sees_a_lock_of_either_kind),
		cmocka_unit_test(has_no_lock_on_what_is_not_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
