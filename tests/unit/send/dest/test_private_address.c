/* test_guard.c - unit tests of send/dest/private_address.h */
#include "cmocka_all.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "send/dest/private_address.h"

static bool is_private(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return private_address_is((void *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return private_address_is((void *)&v6);
}

static void refuses_what_is_not_public(void **state)
{
	static const char *const cases[] = {
		"0.0.0.0",
		"0.1.2.3",
		"10.0.0.1",
		"10.255.255.255",
		"100.64.0.1",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.254",
		"169.254.169.254", /* metadata */
		"172.16.0.1",
		"172.31.255.255",
		"192.0.0.8",
		"192.0.2.1",
		"192.168.0.1",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.1",
		"203.0.113.1",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::ffff:127.0.0.1",
		"::ffff:10.0.0.1",
		"::ffff:169.254.169.254",
		"::127.0.0.1",
		"64:ff9b::127.0.0.1",
		"64:ff9b::a9fe:a9fe",
		"64:ff9b:1::7f00:1",
		"2002:7f00:1::",
		"2002:c0a8:1::1",
		"2001::7f00:1", /* Teredo */
		"2001:db8::1",
		"3fff::1",
		"100::1",
		"fc00::1",
		"fd00:ec2::254", /* metadata */
		"fe80::1",
		"fec0::1",
		"ff02::1",
		"4000::1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (!is_private(cases[i]))
			fail_msg("%s is allowed", cases[i]);
	}
}

static void lets_through_what_is_public(void **state)
{
	static const char *const cases[] = {
		"1.1.1.1",          "9.255.255.255",   "11.0.0.0",
		"100.63.255.255",   "100.128.0.0",     "126.255.255.255",
		"128.0.0.1",        "169.253.255.255", "169.255.0.0",
		"172.15.255.255",   "172.32.0.0",      "192.0.1.1",
		"192.167.255.255",  "192.169.0.0",     "198.17.255.255",
		"198.20.0.0",       "223.255.255.255", "2606:4700::1111",
		"2a00:1450::1",     "2001:4860::8888", "::ffff:1.1.1.1",
		"64:ff9b::1.1.1.1", "2002:101:101::1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (is_private(cases[i]))
			fail_msg("%s is refused", cases[i]);
	}
}

static void refuses_other_kinds_of_address(void **state)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};

	(void)state;
	assert_true(private_address_is((void *)&local));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_not_public),
		cmocka_unit_test(lets_through_what_is_public),
		cmocka_unit_test(refuses_other_kinds_of_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
