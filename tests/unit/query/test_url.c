/* test_url.c - unit tests of query/url.h and the URLs of query/source.h */
#include "cmocka_all.h"

#include <string.h>

#include "query/source.h"
#include "query/url.h"

static const char *const known[] = {"socket", "tls", NULL};

static void parts_are_decoded(void **state)
{
	struct url u;
	struct err e = {0};

	(void)state;
	assert_int_equal(url_parse(&u,
				   "mysql://a%40b:p%3aw%2F@db.host:3307/"
				   "my%20db?socket=/run/s&tls=off",
				   known, &e),
			 0);
	assert_string_equal(u.user, "a@b");
	assert_string_equal(u.password, "p:w/");
	assert_string_equal(u.host, "db.host");
	assert_int_equal(u.port, 3307);
	assert_string_equal(u.path, "my db");
	assert_string_equal(url_option(&u, "socket"), "/run/s");
	assert_string_equal(url_option(&u, "tls"), "off");
	assert_null(url_option(&u, "x"));
	url_clear(&u);
}

static void what_is_left_out_is_null(void **state)
{
	struct url u;
	struct err e = {0};

	(void)state;
	assert_int_equal(url_parse(&u, "mysql://", known, &e), 0);
	assert_null(u.user);
	assert_null(u.host);
	assert_null(u.path);
	assert_int_equal(u.port, 0);
	url_clear(&u);
	assert_int_equal(url_parse(&u, "mysql://u@[::1]:1/", known, &e), 0);
	assert_string_equal(u.user, "u");
	assert_null(u.password);
	assert_string_equal(u.host, "::1");
	assert_int_equal(u.port, 1);
	assert_null(u.path);
	url_clear(&u);
}

static void what_is_no_url_is_refused(void **state)
{
	static const char *const bad[] = {
		"mysql:db",        "mysql://h:0/",    "mysql://h:x/",
		"mysql://h:70000", "mysql://%4/",     "mysql://%zz/",
		"mysql://%00/",    "mysql://h/d?x=1", "mysql://h/d?tls",
		"mysql://h/d?=1",
	};
	struct url u;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err e = {0};

		assert_int_equal(url_parse(&u, bad[i], known, &e), -1);
		assert_int_equal(e.kind, ERR_USAGE);
		url_clear(&u);
	}
}

/* Each of these is mysql://user:PASSWORD@host/db with a password as it is. */
static void no_error_repeats_a_password(void **state)
{
	static const char *const bad[] = {
		"mysql://u:hun/ter@h/d",    "mysql://u:12/hunter@h/d",
		"mysql://u:hun?ter@h/d",    "mysql://u:a@b?hunter=c@h/d",
		"mysql://u:%hunter@h/d",    "mysql://u:hunter?x=1@h/d",
		"mysql://u:hun?tls=er@h/d", "mysql:u:hunter@h/d",
	};
	struct url u;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err e = {0};

		assert_int_equal(url_parse(&u, bad[i], known, &e), -1);
		assert_int_equal(e.kind, ERR_USAGE);
		assert_null(strstr(e.text, "hun"));
		assert_null(strstr(e.text, "ter@"));
		assert_true(source_has_password(bad[i]) || i == 7);
		url_clear(&u);
	}
}

static void an_at_sign_elsewhere_is_fine(void **state)
{
	static const char *const good[] = {
		"mysql://u:p@ss@h/d",    "mysql://u@h/d?tls=a@b",
		"mysql://h:1/d?tls=a@b", "mysql://[::1]:1/d?tls=a@b",
		"mysql:///d?tls=a@b",    "mysql://u:p#ss@h/d",
	};
	struct url u;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct err e = {0};

		if (url_parse(&u, good[i], known, &e) != 0)
			fail_msg("%s: %s", good[i], e.text);
		url_clear(&u);
	}
	assert_true(source_has_password("mysql://u:p#ss@h/d"));
	assert_false(source_has_password("mysql://h:1/d?tls=a@b"));
	assert_false(source_has_password("mysql://[::1]:1/d?tls=a@b"));
}

static void several_hosts_have_ports(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(url_check_ports("x://u:p@a:1,[::1]:2,c/d", &e), 0);
	assert_int_equal(url_check_ports("x://a:,b", &e), 0);
	assert_int_equal(url_check_ports("x://a:1,b:x/d", &e), -1);
	assert_int_equal(e.kind, ERR_USAGE);
	assert_int_equal(url_check("x://u:p@q@h/d", true, &e), -1);
	assert_int_equal(url_check("x://u:p@q@h/d", false, &e), 0);
}

static void a_fingerprint_has_no_password(void **state)
{
	static const struct {
		const char *url, *name;
		bool secret;
	} cases[] = {
		{"sqlite:a?b.db", "sqlite:a?b.db", false},
		{"postgres://u:p@h/d?x=1", "postgres://u@h/d", true},
		{"postgres://u@h/d", "postgres://u@h/d", false},
		{"postgres://h:5432/d", "postgres://h:5432/d", false},
		{"postgres:///d?password=x", "postgres:///d", true},
		{"mysql://u:a@b@h/", "mysql://u@h/", true},
		{"duckdb:a.db?threads=2&memory=1GB", "duckdb:a.db", false},
		{"duckdb:a?b.db", "duckdb:a?b.db", false},
		{"parquet:a?/*.parquet?threads=1", "parquet:a?/*.parquet",
		 false},
		{"parquet:s3://b/a?.parquet", "parquet:s3://b/a?.parquet",
		 false},
		{"postgres:?x=a://u:p@h", "postgres:", false},
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		b.n = 0;
		source_name(&b, cases[i].url);
		assert_string_equal(buf_cstr(&b), cases[i].name);
		assert_int_equal(source_has_password(cases[i].url),
				 cases[i].secret);
	}
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_decoded),
		cmocka_unit_test(what_is_left_out_is_null),
		cmocka_unit_test(what_is_no_url_is_refused),
		cmocka_unit_test(no_error_repeats_a_password),
		cmocka_unit_test(an_at_sign_elsewhere_is_fine),
		cmocka_unit_test(several_hosts_have_ports),
		cmocka_unit_test(a_fingerprint_has_no_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
