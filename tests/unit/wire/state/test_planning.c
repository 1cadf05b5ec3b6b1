/* test_planning.c - unit tests of wire/state/planning.h */
#include "cmocka_all.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scratch.h"
#include "wire/state/planning.h"

/* The hold that a rudder-diff of this planning makes. */
static struct buf hold_of(const struct planning *p)
{
	struct buf b = {0};

	setenv(PLANNING_VARIABLE, p->token, 1);
	planning_hold(&b);
	unsetenv(PLANNING_VARIABLE);
	return b;
}

static struct planning begin(void)
{
	struct planning p;
	struct err e;

	assert_int_equal(planning_begin(&p, "st/new", &e), 0);
	return p;
}

/* A process that is killed: its hold. */
static struct buf killed(void)
{
	struct planning p = begin();
	struct buf b = hold_of(&p);

	close(p.fd); /* as the kernel does */
	free(p.path);
	free(p.made);
	return b;
}

static bool is_dead(const struct buf *hold)
{
	bool by_lock = planning_is_dead("st/new", buf_all(hold), false);

	assert_int_equal(planning_is_dead("st/new", buf_all(hold), true),
			 by_lock);
	return by_lock;
}

/* A rudder-diff that looks whether a hold is dead takes the lock for that. */
static void waits_for_one_who_only_looks(void **state)
{
	struct buf hold = killed();
	const struct timespec moment = {.tv_nsec = 50 * 1000 * 1000};
	int ready[2], status, fd;
	struct planning p;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		fd = open("st/new/" PLANNING_NAME, O_RDONLY);
		status = flock(fd, LOCK_EX | LOCK_NB);
		status |= write(ready[1], "", 1) != 1;
		nanosleep(&moment, NULL);
		_exit(status != 0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	p = begin();
	planning_end(&p, true);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(ready[0]);
	close(ready[1]);
	buf_clear(&hold);
}

static void knows_a_process_that_was_killed(void **state)
{
	struct buf first = killed(), second, own;
	struct planning p;

	(void)state;
	assert_true(is_dead(&first));
	second = killed();
	assert_true(is_dead(&first));
	assert_true(is_dead(&second));
	p = begin();
	own = hold_of(&p);
	assert_true(is_dead(&first));
	assert_false(is_dead(&own));
	assert_true(planning_is_ours(&p, buf_all(&own)));
	assert_false(planning_is_ours(&p, buf_all(&first)));
	planning_end(&p, false); /* those before it are still known */
	assert_true(is_dead(&second));
	assert_false(is_dead(&own));
	planning_forget("st/new");
	assert_false(is_dead(&second));
	buf_clear(&first);
	buf_clear(&second);
	buf_clear(&own);
}

static void leaves_the_hold_of_a_complete_plan(void **state)
{
	struct planning p = begin();
	struct buf own = hold_of(&p), bare = {0};

	(void)state;
	planning_end(&p, true);
	assert_int_not_equal(access("st/new", F_OK), 0); /* it made that */
	assert_false(is_dead(&own));
	planning_hold(&bare); /* of rudder-diff --hold alone */
	assert_string_equal(buf_cstr(&bare), "{\"hold\":1}\n");
	assert_false(is_dead(&bare));
	buf_clear(&own);
	buf_clear(&bare);
}

static void knows_when_a_plan_expires(void **state)
{
	struct planning p = begin();
	struct buf hold = {0};

	(void)state;
	setenv(PLANNING_EXPIRES, "1767323045000", 1);
	hold = hold_of(&p);
	assert_int_equal(planning_expires(buf_all(&hold)), 1767323045000);
	buf_clear(&hold);
	setenv(PLANNING_EXPIRES, "1\n", 1);
	hold = hold_of(&p);
	assert_int_equal(planning_expires(buf_all(&hold)), 0);
	buf_clear(&hold);
	unsetenv(PLANNING_EXPIRES);
	hold = hold_of(&p);
	assert_int_equal(planning_expires(buf_all(&hold)), 0);
	assert_int_equal(planning_expires(slice_str("")), 0);
	assert_int_equal(planning_expires(slice_str("\"expires_ms\":")), 0);
	buf_clear(&hold);
	planning_end(&p, true);
}

static void is_one_at_a_time(void **state)
{
	struct planning p = begin(), other;
	struct err e;

	(void)state;
	assert_int_equal(planning_begin(&other, "st/new", &e), -1);
	assert_int_equal(e.kind, ERR_TEMP);
	planning_forget("st/new");
	assert_int_equal(access("st/new/planning", F_OK), 0);
	planning_end(&other, false);
	planning_end(&p, true);
}

static void needs_a_folder(void **state)
{
	struct planning p;
	struct err e;
	int fd;

	(void)state;
	fd = open("file", O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(planning_begin(&p, "file/new", &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_int_equal(planning_begin(&p, "file", &e), -1);
}

static int enter(void **state)
{
	(void)state;
	scratch_enter();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	scratch_leave();
	return 0;
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(waits_for_one_who_only_looks),
		IN_FOLDER(knows_a_process_that_was_killed),
		IN_FOLDER(leaves_the_hold_of_a_complete_plan),
		IN_FOLDER(knows_when_a_plan_expires),
		IN_FOLDER(is_one_at_a_time),
		IN_FOLDER(needs_a_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
