/* test_show.c - unit tests of send/dest/show.h */
#include "cmocka_all.h"

#include "send/dest/show.h"

static void masks_what_may_be_secret_in_a_url(void **state)
{
	static const struct {
		const char *url, *masked;
	} cases[] = {
		{"https://h", "https://h"},
		{"https://token0123456789abc.example/x",
		 "https://token0123456789abc.example/x"},
		{"https://h:8443/v1/batch", "https://h:8443/v1/batch"},
		{"https://h/hooks/T0123456789ABCDEFGH", "https://h/hooks/\001"},
		{"https://h/averyverylongwordindeed/0123456789012345",
		 "https://h/averyverylongwordindeed/0123456789012345"},
		{"https://h/a?token=x&n={id}&e=&y",
		 "https://h/a?token=\001&n={id}&e=&y"},
		{"https://h?T0123456789ABCDEFGH", "https://h?\001"},
		{"https://h/?a=b=&c=d", "https://h/?a=\001=&c=\001"},
		{"https://h/user-{id}?k=p-{id}-q",
		 "https://h/user-{id}?k=p-{id}-q"},
		{"https://h/{id}T0123456789ABCDEFGH", "https://h/{id}\001"},
		{"https://h/?k={id}T0123456789ABCDEFGH",
		 "https://h/?k={id}\001"},
		{"https://h/{a/b?c=d&T0123456789ABCDEFGH}/x",
		 "https://h/{a/b?c=d&T0123456789ABCDEFGH}/x"},
		{"https://h/{open", "https://h/{open"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = {0};

		show_mask(&b, cases[i].url);
		assert_string_equal(buf_cstr(&b), cases[i].masked);
		buf_clear(&b);
	}
}

/* What a job with this body would be. */
static const char *shown(const struct http_options *o, bool as_curl,
			 struct buf *b)
{
	struct dest_job job = {.body = slice_str("{\"a\":\"it's\"}")};
	void *d;
	struct err e;

	assert_int_equal(show_open(&d, o, &e), 0);
	b->n = 0;
	show_request(d, &job, as_curl, b);
	show_close(d);
	return buf_cstr(b);
}

static void shows_no_secret_header(void **state)
{
	const char *headers[] = {"X-Team: blue",
				 "X-Api-Key: canary",
				 "cookie: canary",
				 "Akey: canary",
				 "Accept:",
				 "X-In-File: canary",
				 NULL};
	const struct http_options o = {
		.url = "https://h:443/x'y",
		.headers = headers,
		.header_file = "it's",
		.n_in_file = 1,
	};
	struct buf b = {0};

	(void)state;
	assert_string_equal(
		shown(&o, false, &b),
		"\"method\":\"POST\",\"url\":\"https://h:443/"
		"x'y\",\"headers\":["
		"\"Host: h\",\"User-Agent: rudder-send/" RUDDER_VERSION "\","
		"\"X-Team: blue\",\"X-Api-Key: ***\",\"cookie: ***\",\"Akey: "
		"***\","
		"\"X-In-File: ***\",\"Content-Type: application/json\","
		"\"Content-Length: 12\"],\"body\":{\"a\":\"it's\"}");
	assert_string_equal(
		shown(&o, true, &b),
		"head -c 12 <<'END' | curl -sSg --fail-with-body "
		"-A rudder-send/" RUDDER_VERSION " -H 'X-Team: blue' "
		"-H \"X-Api-Key: ${X_API_KEY:?}\" -H \"cookie: ${COOKIE:?}\" "
		"-H \"Akey: ${AKEY:?}\" "
		"-H 'Accept:' -H 'Content-Type: application/json' -H 'Expect:' "
		"-H @'it'\\''s' --data-binary @- 'https://h:443/x'\\''y'\n"
		"{\"a\":\"it's\"}\nEND");
	buf_clear(&b);
}

/* RFC 9110, 5.5: a value may have bytes beyond ASCII, in any encoding. */
static void shows_json_of_headers_and_urls_that_are_not_utf8(void **state)
{
	const char *headers[] = {"A: caf\xe9", NULL};
	const struct http_options o = {
		.url = "https://h/\xff/\xc3\xa9",
		.headers = headers,
	};
	struct buf b = {0};
	const char *text = shown(&o, false, &b);

	(void)state;
	assert_non_null(
		strstr(text, "\"url\":\"https://h/\xef\xbf\xbd/\xc3\xa9\""));
	assert_non_null(strstr(text, "\"A: caf\xef\xbf\xbd\""));
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_what_may_be_secret_in_a_url),
		cmocka_unit_test(shows_no_secret_header),
		cmocka_unit_test(
			shows_json_of_headers_and_urls_that_are_not_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
