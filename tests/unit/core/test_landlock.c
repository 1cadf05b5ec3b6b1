/* test_landlock.c - unit tests of core/landlock.h */
#include "cmocka_all.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "core/landlock.h"
#include "scratch.h"

static int version;

static int setup(void **state)
{
	struct landlock l;

	(void)state;
	landlock_init(&l, false);
	version = l.version;
	if (l.fd >= 0)
		close(l.fd);
	scratch_enter();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	scratch_leave();
	return 0;
}

static bool can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void make(const char *path)
{
	assert_true(can_open(path, O_WRONLY | O_CREAT));
}

/* In a child, for what is given up stays given up. */
static void in_child(int (*check)(void))
{
	pid_t pid;
	int status;

	if (version == 0)
		skip();
	pid = fork();
	if (pid == 0)
		_exit(check());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int lists(void)
{
	struct landlock l;

	landlock_init(&l, false);
	landlock_write(&l, "state");
	landlock_read(&l, "there");
	landlock_read(&l, NULL);
	landlock_read(&l, "nowhere");
	landlock_read_around(&l, "links/a");
	landlock_replace(&l, "out/stats");
	landlock_replace(&l, NULL);
	landlock_enter(&l);
	if (!can_open("state/new", O_RDWR | O_CREAT) ||
	    !can_open("state/new", O_RDWR | O_TRUNC) ||
	    mkdir("state/log", 0700) < 0 ||
	    rename("state/new", "state/log/old") < 0 ||
	    !can_open("state", O_RDONLY | O_DIRECTORY))
		return 1;
	if (!can_open("there", O_RDONLY) || can_open("there", O_WRONLY))
		return 2;
	if (!can_open("links/a", O_RDONLY) || !can_open("certs/next", O_RDONLY))
		return 3;
	if (!can_open("out/stats.tmp", O_WRONLY | O_CREAT) ||
	    rename("out/stats.tmp", "out/stats") < 0)
		return 4;
	if (!can_open("/dev/null", O_RDWR))
		return 5;
	if (can_open("secret", O_RDONLY) || errno != EACCES)
		return 6;
	return can_open("other", O_WRONLY | O_CREAT) || unlink("there") == 0;
}

static void leaves_what_is_listed_and_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(mkdir("state", 0700), 0);
	assert_int_equal(mkdir("certs", 0700), 0);
	assert_int_equal(mkdir("out", 0700), 0);
	assert_int_equal(mkdir("links", 0700), 0);
	make("there");
	make("secret");
	make("certs/this");
	make("certs/next");
	assert_int_equal(symlink("../certs/this", "links/a"), 0);
	in_child(lists);
}

static bool can_connect(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(9)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0 ||
	       errno != EACCES;
}

static int no_net(void)
{
	struct landlock l;

	landlock_init(&l, false);
	landlock_enter(&l);
	return can_connect() || can_open("there", O_RDONLY);
}

static int net(void)
{
	struct landlock l;

	landlock_init(&l, true);
	landlock_enter(&l);
	return !can_connect() || can_open("there", O_RDONLY);
}

static void closes_the_network_unless_asked_not_to(void **state)
{
	(void)state;
	make("there");
	in_child(net);
	if (version >= 4)
		in_child(no_net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			leaves_what_is_listed_and_nothing_else, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			closes_the_network_unless_asked_not_to, setup,
			teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
