/* test_fetch.c - unit tests of query/fetch.h; what needs a server is tested by
 * the sources that use it
 */
#include "cmocka_all.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "query/fetch.h"

static const char *const known[] = {"tls", "password-file", NULL};

static const struct {
	const char *url;
	bool always;
	const char *origin; /* NULL: refused */
} origins[] = {
	{"x://", false, "http://localhost:80"},
	{"x://localhost/db", false, "http://localhost:80"},
	{"x://127.0.0.1:8123/", false, "http://127.0.0.1:8123"},
	{"x://[::1]:1/", false, "http://[::1]:1"},
	{"x://db.example/", false, "https://db.example:443"},
	{"x://127.0.0.1.example/", false, "https://127.0.0.1.example:443"},
	{"x://localhost.example/", false, "https://localhost.example:443"},
	{"x://db.example?tls=off", false, "http://db.example:80"},
	{"x://localhost?tls=verify", false, "https://localhost:443"},
	{"x://localhost", true, "https://localhost:443"},
	{"x://localhost?tls=off", true, NULL},
	{"x://localhost?tls=no", false, NULL},
	{"x://a%2fb", false, NULL},
	{"x://a%20b", false, NULL},
	{"x://u@a%40b", false, NULL},
};

static void only_this_machine_is_asked_in_the_clear(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(origins); i++) {
		struct buf b = {0};
		struct err e = {0};
		struct url u;
		int rc;

		assert_int_equal(url_parse(&u, origins[i].url, known, &e), 0);
		rc = fetch_origin(&b, &u, origins[i].always, 80, 443, &e);
		if (origins[i].origin) {
			assert_int_equal(rc, 0);
			assert_string_equal(buf_cstr(&b), origins[i].origin);
		} else {
			assert_int_equal(rc, -1);
			assert_int_equal(e.kind, ERR_USAGE);
		}
		buf_clear(&b);
		url_clear(&u);
	}
}

static void bytes_are_escaped_for_a_query(void **state)
{
	struct buf b = {0};

	(void)state;
	fetch_escape(&b, slice_of("aZ9-._~ &=%\0\xff", 13));
	assert_string_equal(buf_cstr(&b), "aZ9-._~%20%26%3D%25%00%FF");
	buf_clear(&b);
}

#ifdef WITH_CURL
/* The kernel takes the connection for a server that never does. */
static void gives_up_who_says_nothing(void **state)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct fetch *f = fetch_new(&(struct fetch_options){.quit = -1});
	struct err e = {0};
	char url[64];

	(void)state;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", ntohs(a.sin_port));
	fetch_patience(f, 200);
	assert_int_equal(
		fetch_start(f, "GET", url, NULL, slice_of(NULL, 0), &e), 0);
	assert_int_equal(fetch_more(f, &e), -1);
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_non_null(strstr(e.text, "no reply within 0 s"));
	fetch_free(f);
	close(fd);
}
#else
static void gives_up_who_says_nothing(void **state)
{
	(void)state;
	skip();
}
#endif

static void password(const char *url, const char *want)
{
	struct buf b = {0};
	struct err e = {0};
	struct url u;

	assert_int_equal(url_parse(&u, url, known, &e), 0);
	assert_int_equal(fetch_password(&b, &u, "TEST_PASSWORD", &e), 0);
	assert_string_equal(buf_cstr(&b), want);
	buf_clear(&b);
	url_clear(&u);
}

static void the_url_comes_before_the_environment(void **state)
{
	(void)state;
	unsetenv("TEST_PASSWORD");
	password("x://u@h", "");
	setenv("TEST_PASSWORD", "secret", 1);
	password("x://u@h", "secret");
	password("x://u:mine@h", "mine");
	unsetenv("TEST_PASSWORD");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_this_machine_is_asked_in_the_clear),
		cmocka_unit_test(bytes_are_escaped_for_a_query),
		cmocka_unit_test(the_url_comes_before_the_environment),
		cmocka_unit_test(gives_up_who_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
