/* test_pending_write.c - unit tests of diff/state/pending_write.h: what has
 * reached the disk when a function returns
 */
#include "cmocka_all.h"

#include <sys/syscall.h>

#include "diff/state/pending_write.h"
#include "made.h"

/* The file synced last, and how long it was then. */
static struct stat synced;
/* Whether the file that was renamed last had been synced as it was. */
static bool named_whole;

static bool is_synced(const struct stat *st)
{
	return st->st_ino == synced.st_ino && st->st_size == synced.st_size;
}

/* In the place of those of libc, for all of the program. */
int fdatasync(int fd)
{
	assert_int_equal(fstat(fd, &synced), 0);
	return (int)syscall(SYS_fdatasync, fd);
}

int rename(const char *from, const char *to)
{
	struct stat st;

	named_whole = stat(from, &st) == 0 && is_synced(&st);
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

/* A file "p" with an intent that no sync has seen. */
static void start(struct journal *j)
{
	const struct intent i = made_intent("7", 1, PENDING_UPDATE, 5);
	struct err e;

	assert_int_equal(pending_write_start(j, "p", MADE_SEED, 0,
					     slice_str("r0000000000000000001"),
					     slice_str("[\"id\"]"), &e),
			 0);
	pending_write_add(j, &i);
	synced = (struct stat){0};
}

/* All of the file is on the disk, and no call was needed for that. */
static void is_durable(struct journal *j)
{
	struct stat st;

	assert_int_equal(stat("p", &st), 0);
	assert_int_equal(st.st_size, j->bytes);
	assert_true(is_synced(&st));
	journal_close(j);
}

static void a_mark_is_durable(void **state)
{
	struct journal j;
	struct err e;

	(void)state;
	scratch_enter();
	start(&j);
	assert_int_equal(journal_flush(&j, false, &e), 0);
	assert_int_equal(pending_write_mark(&j, &e), 0);
	is_durable(&j);
	scratch_leave();
}

static void a_resend_that_is_owed_is_durable(void **state)
{
	struct journal j;
	struct err e;

	(void)state;
	scratch_enter();
	start(&j);
	assert_int_equal(pending_write_owe(&j, 3, &e), 0);
	is_durable(&j);
	scratch_leave();
}

static void notes_are_durable(void **state)
{
	const struct slice note[SNAPSHOT_NOTES] = {{"abc", 3}};
	const bool has[SNAPSHOT_NOTES] = {true};
	struct journal j;
	struct err e;

	(void)state;
	scratch_enter();
	start(&j);
	assert_int_equal(pending_write_notes(&j,
					     "0123456789abcdef0123456789abcdef",
					     note, has, &e),
			 0);
	is_durable(&j);
	scratch_leave();
}

static void a_new_file_is_durable_before_it_has_the_name(void **state)
{
	struct pending_new new;
	struct pending p;
	struct journal j;
	struct intent i;
	struct err e;

	(void)state;
	scratch_enter();
	for (uint64_t owed = 0; owed < 2; owed++) {
		start(&j);
		if (owed > 0)
			assert_int_equal(pending_write_owe(&j, owed, &e), 0);
		assert_int_equal(journal_flush(&j, false, &e), 0);
		journal_close(&j);
		assert_int_equal(pending_read(&p, "p", &e), 1);
		i = made_pending(&p, 0);
		assert_int_equal(pending_write_begin(&new, &p, "p", &e), 0);
		assert_int_equal(pending_write_keep(&new, &i, &e), 0);
		named_whole = false;
		assert_int_equal(pending_write_done(&new, &e), 0);
		assert_true(named_whole);
		pending_write_drop(&new);
		pending_clear(&p);
	}
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mark_is_durable),
		cmocka_unit_test(a_resend_that_is_owed_is_durable),
		cmocka_unit_test(notes_are_durable),
		cmocka_unit_test(a_new_file_is_durable_before_it_has_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
