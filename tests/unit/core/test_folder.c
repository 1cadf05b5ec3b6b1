/* test_folder.c - unit tests of core/folder.h */
#include "cmocka_all.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/folder.h"
#include "scratch.h"

static void makes_it_with_those_it_is_in(void **state)
{
	struct stat st;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(folder_make("a/b/c", "the state", &e), 1);
	assert_int_equal(stat("a/b/c", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(folder_make("a/b/c", "the state", &e), 0);
	assert_int_equal(folder_make("a//b/d/", "the state", &e), 1);
	assert_int_equal(folder_make("/", "the state", &e), 0);
	scratch_leave();
}

static void names_what_is_in_the_way(void **state)
{
	struct buf by = {0};
	struct err e;

	(void)state;
	scratch_enter();
	scratch_file("file", "");
	assert_int_equal(folder_make("file/b", "the state", &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_string_equal(
		e.text,
		"cannot create the state 'file/b': 'file' is not a folder");
	assert_true(folder_is_blocked("file//b/c", &by));
	assert_string_equal(buf_cstr(&by), "file");
	by.n = 0;
	assert_true(folder_is_blocked("file/b//", &by));
	assert_string_equal(buf_cstr(&by), "file");
	by.n = 0;
	assert_false(folder_is_blocked("/none//", &by));
	assert_string_equal(buf_cstr(&by), "/");
	by.n = 0;
	assert_true(folder_is_blocked("file", &by));
	by.n = 0;
	assert_false(folder_is_blocked("none/b", &by));
	assert_string_equal(buf_cstr(&by), ".");
	errno = EACCES;
	assert_int_equal(folder_cannot("none/b", "b", "the state", &e), -1);
	assert_string_equal(
		e.text,
		"cannot create the state 'b' in '.': Permission denied");
	buf_clear(&by);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_it_with_those_it_is_in),
		cmocka_unit_test(names_what_is_in_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
