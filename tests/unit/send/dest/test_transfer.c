/* test_transfer.c - unit tests of send/dest/transfer.h */
#include "cmocka_all.h"

#include <stdlib.h>

#include "core/mem.h"
#include "send/dest/transfer.h"

#ifdef WITH_CURL
#include <curl/curl.h>

enum { MORE = 8000001 }; /* bytes, which libcurl refuses in any text */

static char *long_text(void)
{
	char *text = mem_zero(MORE + 1);

	memset(text, 'x', MORE);
	return text;
}

/* What the same handle says with these settings, "" for nothing. */
static void refuses(const struct network_http *net, const char *what)
{
	struct private_address guard = {0};
	CURL *c = curl_easy_init();
	struct err e = {0};

	assert_non_null(c);
	assert_int_equal(transfer_secure(c, net, false, &guard, &e),
			 what ? -1 : 0);
	if (what) {
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_non_null(strstr(e.text, what));
		assert_int_equal(e.named, strlen(e.text));
	}
	curl_easy_cleanup(c);
}

/* A pin that is ignored would trust any server. */
static void leaves_out_no_setting_that_libcurl_refuses(void **state)
{
	char *text = long_text();
	const struct network_http none = {0}, pin = {.pinned = text},
				  ca = {.ca_file = text},
				  cert = {.cert_file = text},
				  key = {.cert_key_file = text};

	(void)state;
	refuses(&none, NULL);
	refuses(&pin, "'--pinned-key'");
	refuses(&ca, "'--cacert'");
	refuses(&cert, "'--cert'");
	refuses(&key, "'--cert-key'");
	free(text);
}

static void takes_no_url_of_before_for_one_that_is_too_long(void **state)
{
	struct transfer s = {.easy = curl_easy_init()};
	char *text = long_text();

	(void)state;
	memcpy(text, "http://a/", 9);
	assert_true(transfer_address(&s, "http://b/"));
	assert_false(transfer_address(&s, text));
	assert_true(transfer_address(&s, "http://c/"));
	curl_easy_cleanup(s.easy);
	curl_url_cleanup(s.address);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_out_no_setting_that_libcurl_refuses),
		cmocka_unit_test(
			takes_no_url_of_before_for_one_that_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
	return 0;
}
#endif
