/* test_mylogin.c - unit tests of query/mylogin.h */
#include "cmocka_all.h"

#include "query/mysql/mylogin.h"

#ifdef WITH_MYSQL

#define HEAD "\x39\0\0\0"
#define VERSION                                                                \
	"\x0a"                                                                 \
	"8.0.1\0"
#define BEFORE                                                                 \
	"\1\0\0\0"                                                             \
	"12345678"                                                             \
	"\0"
#define AFTER                                                                  \
	"\x2d\2\0\x28\0\x15"                                                   \
	"0123456789"                                                           \
	"123456789012"                                                         \
	"\0"                                                                   \
	"x\0"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_greeting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
	return 77;
}
#endif
