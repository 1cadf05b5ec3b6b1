/* test_reply.c - unit tests of send/dest/reply.h */
#include "cmocka_all.h"

#include "send/dest/reply.h"

#ifdef WITH_CURL
#include <curl/curl.h>

static struct reply judge(const struct reply_facts *f)
{
	struct reply r;

	reply_judge(&r, f);
	return r;
}

static void follows_the_table_of_statuses(void **state)
{
	static const struct {
		unsigned status;
		enum reply_class class;
		enum err_kind kind;
	} cases[] = {
		{200, REPLY_TAKEN, ERR_NONE},
		{202, REPLY_TAKEN, ERR_NONE},
		{204, REPLY_TAKEN, ERR_NONE},
		{301, REPLY_FATAL, ERR_CONFIG},
		{302, REPLY_FATAL, ERR_CONFIG},
		{304, REPLY_FATAL, ERR_CONFIG},
		{307, REPLY_FATAL, ERR_CONFIG},
		{308, REPLY_FATAL, ERR_CONFIG},
		{400, REPLY_REFUSED, ERR_NONE},
		{401, REPLY_FATAL, ERR_DENIED},
		{402, REPLY_REFUSED, ERR_NONE},
		{403, REPLY_FORBIDDEN, ERR_DENIED},
		{404, REPLY_FATAL, ERR_DENIED},
		{405, REPLY_FATAL, ERR_CONFIG},
		{407, REPLY_FATAL, ERR_DENIED},
		{408, REPLY_UNKNOWN, ERR_NONE},
		{409, REPLY_LATER, ERR_NONE},
		{413, REPLY_TOO_LARGE, ERR_NONE},
		{422, REPLY_REFUSED, ERR_NONE},
		{423, REPLY_LATER, ERR_NONE},
		{425, REPLY_LATER, ERR_NONE},
		{429, REPLY_LATER, ERR_NONE},
		{500, REPLY_UNKNOWN, ERR_NONE},
		{502, REPLY_UNKNOWN, ERR_NONE},
		{503, REPLY_UNKNOWN, ERR_NONE},
		{504, REPLY_UNKNOWN, ERR_NONE},
		{599, REPLY_UNKNOWN, ERR_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reply_facts f = {.why = "",
					.status = cases[i].status,
					.complete = true,
					.sent = 1};
		struct reply r = judge(&f);

		assert_int_equal(r.class, cases[i].class);
		assert_int_equal(r.status, cases[i].status);
		assert_int_equal(r.doubt, r.status == 408 ||
						  r.status / 100 == 3 ||
						  r.status / 100 == 5);
		assert_int_equal(r.verdict, r.status >= 400 && r.status < 500);
		assert_int_equal(r.conflict,
				 r.status == 409 || r.status == 423);
		assert_int_equal(r.err.kind, cases[i].kind);
	}
}

static void knows_the_words_that_are_not_about_an_event(void **state)
{
	struct reply_facts f = {.why = "",
				.status = 400,
				.complete = true,
				.sent = 1,
				.body = slice_str("invalid destination id\n")};

	(void)state;
	assert_int_equal(judge(&f).class, REPLY_REFUSED);
	f.data_plane = true;
	assert_int_equal(judge(&f).class, REPLY_FATAL);
	assert_int_equal(judge(&f).err.kind, ERR_CONFIG);
	f.body = slice_str("event is not a valid rudder event");
	assert_int_equal(judge(&f).class, REPLY_REFUSED);
}

static void believes_no_page_from_a_data_plane(void **state)
{
	static const struct {
		const char *type, *body;
		bool page;
	} cases[] = {
		{"text/plain", "OK", false},
		{"", "OK", false},
		{"", "", false},
		{"text/plain", " \n<html>", true},
		{"text/html", "", true},
		{"Text/HTML; charset=x", "OK", true},
		{"text/htm", "OK", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reply_facts f = {.why = "",
					.status = 200,
					.complete = true,
					.sent = 1,
					.type = slice_str(cases[i].type),
					.body = slice_str(cases[i].body)};

		assert_int_equal(judge(&f).class, REPLY_TAKEN);
		f.data_plane = true;
		assert_int_equal(judge(&f).class,
				 cases[i].page ? REPLY_FATAL : REPLY_TAKEN);
		assert_int_equal(judge(&f).doubt, cases[i].page);
	}
}

static void does_not_know_what_207_means(void **state)
{
	struct reply_facts f = {
		.why = "", .status = 207, .complete = true, .sent = 1};

	(void)state;
	assert_int_equal(judge(&f).class, REPLY_UNKNOWN);
	assert_true(judge(&f).final);
	assert_true(judge(&f).doubt);
}

static void stops_at_a_proxy_that_refuses(void **state)
{
	static const unsigned no[] = {401, 403, 407};
	struct reply_facts f = {.curl = CURLE_RECV_ERROR,
				.why = "CONNECT tunnel failed"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(no); i++) {
		f.proxy_status = no[i];
		assert_int_equal(judge(&f).class, REPLY_FATAL);
		assert_int_equal(judge(&f).err.kind, ERR_DENIED);
		assert_false(judge(&f).doubt);
	}
	f.proxy_status = 502;
	assert_int_equal(judge(&f).class, REPLY_LATER);
}

static void says_that_a_port_is_plain(void **state)
{
	static const char *const why[] = {
		"error:0A00010B:SSL routines::wrong version number",
		"error:0A0000C6:SSL routines::packet length too long",
		"error:0A00009C:SSL routines::http request",
		"gnutls_handshake() failed: An unexpected TLS packet was "
		"received."};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(why); i++) {
		struct reply_facts f = {.curl = CURLE_SSL_CONNECT_ERROR,
					.why = why[i],
					.replied_before = true};

		assert_int_equal(judge(&f).class, REPLY_FATAL);
		assert_int_equal(judge(&f).err.kind, ERR_PROTOCOL);
		assert_non_null(strstr(judge(&f).err.text, "plain HTTP"));
	}
}

/* By TLS 1.3 the server says so when the request has left. */
static void says_that_a_certificate_is_wanted(void **state)
{
	struct reply_facts f = {.curl = CURLE_RECV_ERROR,
				.why = "tlsv13 alert certificate required",
				.sent = 1};

	(void)state;
	assert_int_equal(judge(&f).class, REPLY_FATAL);
	assert_true(judge(&f).doubt);
	assert_non_null(strstr(judge(&f).err.text, "--cert and --cert-key"));
}

static void follows_the_table_of_transfers(void **state)
{
	static const struct {
		int curl;
		unsigned sent, status;
		bool complete;
		enum reply_class class;
		enum err_kind kind;
	} cases[] = {
		{CURLE_COULDNT_CONNECT, 0, 0, false, REPLY_LATER, 0},
		{CURLE_COULDNT_RESOLVE_HOST, 0, 0, false, REPLY_LATER, 0},
		{CURLE_COULDNT_RESOLVE_PROXY, 0, 0, false, REPLY_LATER, 0},
		{CURLE_OPERATION_TIMEDOUT, 0, 0, false, REPLY_LATER, 0},
		{CURLE_OPERATION_TIMEDOUT, 1, 0, false, REPLY_UNKNOWN, 0},
		{CURLE_OPERATION_TIMEDOUT, 1, 200, false, REPLY_UNKNOWN, 0},
		{CURLE_OPERATION_TIMEDOUT, 1, 200, true, REPLY_TAKEN, 0},
		{CURLE_RECV_ERROR, 1, 0, false, REPLY_UNKNOWN, 0},
		{CURLE_SEND_ERROR, 1, 0, false, REPLY_UNKNOWN, 0},
		{CURLE_GOT_NOTHING, 1, 0, false, REPLY_UNKNOWN, 0},
		{CURLE_OK, 1, 200, false, REPLY_UNKNOWN, 0},
		{CURLE_PARTIAL_FILE, 1, 200, true, REPLY_TAKEN, 0},
		{CURLE_PARTIAL_FILE, 1, 503, true, REPLY_UNKNOWN, 0},
		{CURLE_RECV_ERROR, 1, 200, true, REPLY_TAKEN, 0},
		{CURLE_UNSUPPORTED_PROTOCOL, 1, 0, false, REPLY_NONSENSE, 0},
		{CURLE_WEIRD_SERVER_REPLY, 1, 0, false, REPLY_NONSENSE, 0},
		{CURLE_PEER_FAILED_VERIFICATION, 0, 0, false, REPLY_FATAL,
		 ERR_PROTOCOL},
		{CURLE_SSL_CONNECT_ERROR, 0, 0, false, REPLY_FATAL,
		 ERR_PROTOCOL},
		{CURLE_SSL_CACERT_BADFILE, 0, 0, false, REPLY_FATAL,
		 ERR_CONFIG},
		{CURLE_SSL_CERTPROBLEM, 0, 0, false, REPLY_FATAL, ERR_CONFIG},
		{CURLE_URL_MALFORMAT, 0, 0, false, REPLY_FATAL, ERR_CONFIG},
		{CURLE_BAD_FUNCTION_ARGUMENT, 0, 0, false, REPLY_FATAL,
		 ERR_CONFIG},
		{CURLE_SSL_PINNEDPUBKEYNOTMATCH, 0, 0, false, REPLY_FATAL,
		 ERR_PROTOCOL},
		{CURLE_SSL_CIPHER, 0, 0, false, REPLY_FATAL, ERR_PROTOCOL},
		{CURLE_SSL_ISSUER_ERROR, 0, 0, false, REPLY_FATAL,
		 ERR_PROTOCOL},
		{CURLE_SSL_CRL_BADFILE, 0, 0, false, REPLY_FATAL, ERR_PROTOCOL},
		{CURLE_SSL_INVALIDCERTSTATUS, 0, 0, false, REPLY_FATAL,
		 ERR_PROTOCOL},
		{CURLE_SSL_CLIENTCERT, 0, 0, false, REPLY_FATAL, ERR_PROTOCOL},
		{CURLE_USE_SSL_FAILED, 0, 0, false, REPLY_FATAL, ERR_PROTOCOL},
		{CURLE_SSL_ENGINE_NOTFOUND, 0, 0, false, REPLY_FATAL,
		 ERR_PROTOCOL},
		{CURLE_SSL_ENGINE_SETFAILED, 0, 0, false, REPLY_FATAL,
		 ERR_PROTOCOL},
		{CURLE_SSL_ENGINE_INITFAILED, 0, 0, false, REPLY_FATAL,
		 ERR_PROTOCOL},
		{CURLE_HTTP_RETURNED_ERROR, 1, 0, false, REPLY_NONSENSE, 0},
		{CURLE_BAD_CONTENT_ENCODING, 1, 0, false, REPLY_NONSENSE, 0},
		{CURLE_OUT_OF_MEMORY, 0, 0, false, REPLY_LATER, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reply_facts f = {.curl = cases[i].curl,
					.why = "why",
					.status = cases[i].status,
					.complete = cases[i].complete,
					.sent = cases[i].sent};
		struct reply r = judge(&f);

		assert_int_equal(r.class, cases[i].class);
		assert_int_equal(r.sent, cases[i].sent);
		if (r.class != REPLY_TAKEN)
			assert_int_equal(r.doubt, r.sent > 0);
		if (r.class == REPLY_FATAL)
			assert_int_equal(r.err.kind, cases[i].kind);
		if (!cases[i].complete)
			assert_int_equal(r.status, 0);
	}
}

static void retries_a_broken_handshake_only_after_a_good_one(void **state)
{
	struct reply_facts f = {.curl = CURLE_SSL_CONNECT_ERROR,
				.why = "reset",
				.replied_before = true};

	(void)state;
	assert_int_equal(judge(&f).class, REPLY_LATER);
}

static void stops_where_the_header_does_not_end(void **state)
{
	struct reply_facts f = {.curl = CURLE_WRITE_ERROR,
				.why = "write",
				.status = 200,
				.flooded = true,
				.sent = 1};
	struct reply r = judge(&f);

	(void)state;
	assert_int_equal(r.class, REPLY_FATAL);
	assert_int_equal(r.err.kind, ERR_PROTOCOL);
}

static void gives_the_first_line_of_what_was_said(void **state)
{
	struct reply_facts f = {
		.why = "",
		.status = 400,
		.complete = true,
		.sent = 1,
		.body = slice_of("no\x1b[2J \xff way\nsecond", 18),
	};

	(void)state;
	assert_string_equal(judge(&f).reason,
			    "HTTP 400: no [2J \xef\xbf\xbd way");
	f.body.n = 0;
	assert_string_equal(judge(&f).reason, "HTTP 400");
}

static void keeps_so_much_of_a_reason_and_no_more(void **state)
{
	char text[400];
	struct reply r;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t n = 199; n <= 201; n++) {
		reply_words(&r, slice_of(text, n));
		assert_int_equal(strlen(r.reason), n <= 200 ? n : 200);
		assert_int_equal(strncmp(r.reason, text, n <= 200 ? n : 200),
				 0);
	}
}

static void cuts_what_is_long(void **state)
{
	char text[5000];
	struct reply_facts f = {
		.why = "", .status = 302, .complete = true, .sent = 1};

	(void)state;
	memset(text, 'x', sizeof(text));
	f.body = f.location = slice_of(text, sizeof(text));
	assert_true(strlen(judge(&f).reason) <
		    sizeof(((struct reply *)0)->reason));
	assert_non_null(strstr(judge(&f).err.text, "redirected to 'xxx"));
}

/* What the API has left for us counts where it has not said how long. */
static void keeps_to_the_quota(void **state)
{
	struct reply_facts f = {.why = "",
				.status = 429,
				.complete = true,
				.sent = 1,
				.quota_ms = 5000};

	(void)state;
	assert_int_equal(judge(&f).wish_ms, 5000);
	f.wish_ms = 7000;
	assert_int_equal(judge(&f).wish_ms, 7000);
	f.status = 200;
	assert_int_equal(judge(&f).wish_ms, 0);
	f.quota_empty = true;
	assert_int_equal(judge(&f).wish_ms, 5000);
	f.status = 404;
	f.success = true;
	assert_int_equal(judge(&f).class, REPLY_TAKEN);
	assert_int_equal(judge(&f).wish_ms, 5000);
	f.quota_empty = false;
	assert_int_equal(judge(&f).wish_ms, 0);
	f.success = false;
	f.by_event = true;
	assert_int_equal(judge(&f).class, REPLY_REFUSED);
}

/* A certificate that turns out bad once a request has left. */
static void says_that_nothing_was_sent_only_if_so(void **state)
{
	static const int codes[] = {CURLE_PEER_FAILED_VERIFICATION,
				    CURLE_SSL_CONNECT_ERROR};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		struct reply_facts f = {.curl = codes[i], .why = "bad"};

		assert_string_equal(judge(&f).err.text,
				    "bad; nothing was sent");
		f.sent = 1;
		assert_string_equal(judge(&f).err.text, "bad");
		assert_true(judge(&f).doubt);
	}
}

static void keeps_the_wish_of_a_busy_server(void **state)
{
	struct reply_facts f = {.why = "",
				.status = 429,
				.complete = true,
				.sent = 1,
				.wish_ms = 7000};

	(void)state;
	assert_int_equal(judge(&f).wish_ms, 7000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_the_table_of_statuses),
		cmocka_unit_test(knows_the_words_that_are_not_about_an_event),
		cmocka_unit_test(believes_no_page_from_a_data_plane),
		cmocka_unit_test(does_not_know_what_207_means),
		cmocka_unit_test(stops_at_a_proxy_that_refuses),
		cmocka_unit_test(says_that_a_port_is_plain),
		cmocka_unit_test(says_that_a_certificate_is_wanted),
		cmocka_unit_test(follows_the_table_of_transfers),
		cmocka_unit_test(
			retries_a_broken_handshake_only_after_a_good_one),
		cmocka_unit_test(stops_where_the_header_does_not_end),
		cmocka_unit_test(gives_the_first_line_of_what_was_said),
		cmocka_unit_test(keeps_so_much_of_a_reason_and_no_more),
		cmocka_unit_test(cuts_what_is_long),
		cmocka_unit_test(keeps_the_wish_of_a_busy_server),
		cmocka_unit_test(keeps_to_the_quota),
		cmocka_unit_test(says_that_nothing_was_sent_only_if_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return 77;
}

#endif
