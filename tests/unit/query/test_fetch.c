/* test_fetch.c - unit tests of query/fetch.h; what needs a server is tested by
 * the sources that use it
 */
#include "cmocka_all.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "query/fetch.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_up_who_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
