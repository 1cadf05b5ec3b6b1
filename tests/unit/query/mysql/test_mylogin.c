/* test_mylogin.c - unit tests of query/mysql/mylogin.h */
#include "cmocka_all.h"

#include "query/mysql/mylogin.h"

#ifdef WITH_MYSQL
#include <sys/socket.h>
#include <sys/un.h>

#include "scratch.h"

#define HEAD "\x39\0\0\0"
#define VERSION                                                                \
	"\x0a"                                                                 \
	"8.0.1\0"
#define BEFORE                                                                 \
	"\1\0\0\0"                                                             \
	"12345678"                                                             \
	"\0"
#define SCRAMBLE                                                               \
	"\x2d\2\0\x28\0\x15"                                                   \
	"0123456789"                                                           \
	"123456789012"                                                         \
	"\0"
#define AFTER SCRAMBLE "x\0"

#define GREETING(can) HEAD VERSION BEFORE can AFTER

static const struct {
	const char *what;
	struct slice bytes;
	int rc;
	bool whole, error, tls;
} cases[] = {
	{"no byte", {"", 0}, 0, false, false, false},
	{"a head", {HEAD, 4}, 0, false, false, false},
	{"an invalid head", {"\xff\xff\xff\0", 4}, -1, false, false, false},
	{"TLS", {GREETING("\x8d\xaa"), 61}, 0, true, false, true},
	{"no TLS", {GREETING("\x8d\xa2"), 61}, 0, true, false, false},
	{"half of it", {GREETING("\x8d\xaa"), 30}, 0, false, false, false},
	{"a refusal", {"\x05\0\0\0\xff\x10\x04no", 9}, 0, true, true, false},
	{"HTTP", {"HTTP/1.1 400 Bad", 16}, -1, false, false, false},
	{"version 9",
	 {"\x05\0\0\0\x09"
	  "8.0\0",
	  9},
	 -1,
	 false,
	 false,
	 false},
	{"another number",
	 {"\x05\0\0\1\x0a"
	  "8.0\0",
	  9},
	 -1,
	 false,
	 false,
	 false},
	{"too long", {"\x01\x04\0\0\x0a", 5}, -1, false, false, false},
	{"no end of the version",
	 {"\x05\0\0\0\x0a"
	  "8.01",
	  9},
	 -1,
	 false,
	 false,
	 false},
	{"no capabilities",
	 {"\x0f\0\0\0\x0a"
	  "8\0"
	  "123412345678",
	  19},
	 -1,
	 false,
	 false,
	 false},
};

static void reads_a_greeting(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct mylogin_greeting g;
		int rc = mylogin_read(cases[i].bytes, &g);

		if (rc != cases[i].rc)
			print_error("%s\n", cases[i].what);
		assert_int_equal(rc, cases[i].rc);
		if (rc < 0)
			continue;
		assert_int_equal(g.whole, cases[i].whole);
		assert_int_equal(g.error, cases[i].error);
		assert_int_equal(g.tls, cases[i].tls);
	}
}

/* Offers TLS, which is of no use on a socket of this machine. */
static void serve(int listening)
{
	static const char greeting[] =
		"\x49\0\0\0" VERSION BEFORE "\x8d\xaa" SCRAMBLE
		"mysql_native_password";
	char ok[] = {7, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0};
	char packet[4096];
	int fd = accept(listening, NULL, NULL);

	if (write(fd, greeting, sizeof(greeting)) != sizeof(greeting))
		return;
	while (read(fd, packet, sizeof(packet)) > 4) {
		ok[3] = (char)(packet[3] + 1);
		if (write(fd, ok, sizeof(ok)) != sizeof(ok))
			return;
	}
}

static pid_t start_server(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	pid_t pid;

	strncpy(at.sun_path, path, sizeof(at.sun_path) - 1);
	assert_int_equal(bind(fd, (const void *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		serve(fd);
		_exit(0);
	}
	close(fd);
	return pid;
}

/* Whether a statement leaves the stack alone that the login had used. */
static NO_INLINE bool keeps_to_its_stack(MYSQL *conn)
{
	volatile char area[16384];
	bool same = true;

	for (size_t i = 0; i < sizeof(area); i++)
		area[i] = 0;
	if (mysql_query(conn, "SELECT 1") != 0)
		return false;
	for (size_t i = 0; i < sizeof(area); i++)
		same = same && area[i] == 0;
	return same;
}

static void forgets_the_login_when_it_is_done(void **state)
{
	const struct source_job job = {
		.url = "mysql://u@localhost/d?socket=socket",
	};
	struct rows rows = {.limit = UINT64_MAX};
	struct err e = {0};
	MYSQL *conn;
	pid_t pid;

	(void)state;
	scratch_enter();
	pid = start_server("socket");
	conn = mylogin_open(&job, &rows, &e);
	if (!conn)
		print_error("%s\n", e.text);
	assert_non_null(conn);
	assert_true(keeps_to_its_stack(conn));
	mysql_close(conn);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_greeting),
		cmocka_unit_test(forgets_the_login_when_it_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
	return 77;
}
#endif
