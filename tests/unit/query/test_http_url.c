/* test_http_url.c - unit tests of query/http_url.h */
#include "cmocka_all.h"

#include <stdlib.h>

#include "query/http_url.h"

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
		rc = http_url_origin(&b, &u, origins[i].always, 80, 443, &e);
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
	http_url_escape(&b, slice_of("aZ9-._~ &=%\0\xff", 13));
	assert_string_equal(buf_cstr(&b), "aZ9-._~%20%26%3D%25%00%FF");
	buf_clear(&b);
}

static void password(const char *url, const char *want)
{
	struct buf b = {0};
	struct err e = {0};
	struct url u;

	assert_int_equal(url_parse(&u, url, known, &e), 0);
	assert_int_equal(http_url_password(&b, &u, "TEST_PASSWORD", &e), 0);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
