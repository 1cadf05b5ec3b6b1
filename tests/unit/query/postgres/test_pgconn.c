/* test_pgconn.c - unit tests of query/postgres/pgconn.h */
#include "cmocka_all.h"

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES
static void shows_a_password_only_by_tls(void **state)
{
	(void)state;
	assert_string_equal(pgconn_require_auth(NULL), "!password");
	assert_string_equal(pgconn_require_auth("disable"), "!password");
	assert_string_equal(pgconn_require_auth("allow"), "!password");
	assert_string_equal(pgconn_require_auth("prefer"), "!password");
	assert_null(pgconn_require_auth("require"));
	assert_null(pgconn_require_auth("verify-ca"));
	assert_null(pgconn_require_auth("verify-full"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_a_password_only_by_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
	return 77;
}
#endif
