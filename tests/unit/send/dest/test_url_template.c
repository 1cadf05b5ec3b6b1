/* test_url_template.c - unit tests of send/dest/url_template.h */
#include "cmocka_all.h"

#include "send/dest/url_template.h"

static const char event[] =
	"{\"userId\":\"aZ09-_~.\",\"odd\":\"[\\\\]^`{|}@/?#%\\u00e9\","
	"\"dot\":\".\",\"dots\":\"..\",\"three\":\"...\",\"n\":-1.5e3,"
	"\"yes\":true,\"none\":null,\"list\":[1],\"empty\":\"\","
	"\"traits\":{\"a\":{\"b\":\"deep\"},\"c\":7}}";

static const struct {
	const char *template, *want; /* the URL, or the message */
} cases[] = {
	{"https://h/u/{userId}", "https://h/u/aZ09-_~."},
	{"https://h/{odd}?{n}&{yes}",
	 "https://h/%5B%5C%5D%5E%60%7B%7C%7D%40%2F%3F%23%25%C3%A9?-1.5e3&true"},
	{"https://h/{traits.a.b}/{traits.c}", "https://h/deep/7"},
	{"https://h/{three}/x{dot}", "https://h/.../x%2E"},
	{"https://h/{dot}/x", "the event's values would put '.' or '..' into "
			      "the URL's path"},
	{"https://h/{dots}", "the event's values would put '.' or '..' into "
			     "the URL's path"},
	{"https://h/.{dot}", "the event's values would put '.' or '..' into "
			     "the URL's path"},
	{"https://h/%2e{dot}/", "the event's values would put '.' or '..' "
				"into the URL's path"},
	{"https://h/%2{dot}/", "https://h/%2%2E/"},
	{"https://h/../{n}?{dots}#{dot}", "https://h/../-1.5e3?%2E%2E#%2E"},
	{"https://h/{none}", "the event lacks a value for the URL"},
	{"https://h/{list}", "the event lacks a value for the URL"},
	{"https://h/{empty}", "the event lacks a value for the URL"},
	{"https://h/{traits}", "the event lacks a value for the URL"},
	{"https://h/{traits.a.x}", "the event lacks a value for the URL"},
	{"https://h/{traits.c.x}", "the event lacks a value for the URL"},
	{"https://h/{userId.x}", "the event lacks a value for the URL"},
	{"https://h/{traits..c}", "the event lacks a value for the URL"},
	{"https://h/{}", "the event lacks a value for the URL"},
};

static void fills_in_what_an_event_has(void **state)
{
	struct url_template t;
	struct buf url = {0};

	(void)state;
	url_template_init(&t);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *why;

		url.n = 0;
		url_template_event(&t, slice_str(event));
		why = url_template_fill(&t, cases[i].template, &url);
		assert_string_equal(why ? why : buf_cstr(&url), cases[i].want);
	}
	buf_clear(&url);
	url_template_clear(&t);
}

/* A batch is no object: it has no value for a URL. */
static void finds_nothing_in_what_is_no_object(void **state)
{
	static const char *const events[] = {"[]", "7", "{\"a\":1", "{}"};
	struct url_template t;
	struct buf url = {0};

	(void)state;
	url_template_init(&t);
	for (size_t i = 0; i < COUNT_OF(events); i++) {
		url_template_event(&t, slice_str(events[i]));
		assert_non_null(url_template_fill(&t, "https://h/{a}", &url));
	}
	buf_clear(&url);
	url_template_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_in_what_an_event_has),
		cmocka_unit_test(finds_nothing_in_what_is_no_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
