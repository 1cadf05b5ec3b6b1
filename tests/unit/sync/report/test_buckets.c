/* test_buckets.c - unit tests of sync/report/buckets.h and html.h */
#include "cmocka_all.h"

#include "sync/report/buckets.h"
#include "sync/report/html.h"

#define MINUTE ((uint64_t)60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define NOW    (20000 * DAY + 13 * HOUR + 7 * MINUTE + 30000)

static const struct {
	uint64_t span, length;
	size_t n;
} spans[] = {
	{0, MINUTE, BUCKETS_LEAST}, {30 * MINUTE, MINUTE, 31},
	{2 * HOUR, 5 * MINUTE, 25}, {30 * DAY, 12 * HOUR, 61},
	{365 * DAY, 7 * DAY, 53},   {20000 * DAY, 448 * DAY, 45},
};

static void choose_a_length_by_the_time(void **state)
{
	static struct buckets k;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(spans); i++) {
		struct report_run run[] = {
			{.ended_ms = NOW - spans[i].span, .status = 0},
			{.ended_ms = NOW, .status = 69},
		};
		struct sync_report r = {.run = run, .n_runs = 2};
		uint64_t runs = 0;

		buckets_fill(&k, &r, NOW);
		assert_int_equal(k.length_ms, spans[i].length);
		assert_in_range(k.n, spans[i].n - 1, spans[i].n + 1);
		assert_in_range(k.n, BUCKETS_LEAST, BUCKETS_MOST);
		for (size_t j = 0; j < k.n; j++)
			runs += k.v[j].runs;
		assert_int_equal(runs, 2);
		assert_int_equal(k.v[k.n - 1].worst, LEVEL_BAD);
		assert_true(k.v[k.n - 1].from_ms <= NOW);
		assert_true(k.v[k.n - 1].from_ms + k.length_ms > NOW);
	}
}

static void joins_runs(void **state)
{
	static struct buckets k;
	struct report_run run[] = {
		{.ended_ms = NOW - 3, .status = 1, .ms = 70},
		{.ended_ms = NOW - 2, .status = 0, .ms = 90},
		{.ended_ms = NOW + DAY, .status = 3}, /* a clock ahead */
		{.status = -1},                       /* no time at all */
	};
	struct sync_report r = {.run = run, .n_runs = 4};
	const struct bucket *last;

	(void)state;
	run[0].count[REPORT_INSERTS] = 5;
	run[1].count[REPORT_INSERTS] = 2;
	run[0].has[REPORT_ROWS] = run[1].has[REPORT_ROWS] = true;
	run[0].count[REPORT_ROWS] = 10;
	run[1].count[REPORT_ROWS] = 12;
	run[0].count[REPORT_FAILED] = 1;
	buckets_fill(&k, &r, NOW);
	last = &k.v[k.n - 1];
	assert_int_equal(last->runs, 4);
	assert_int_equal(last->bad, 1);
	assert_int_equal(last->inserts, 7);
	assert_int_equal(last->rows, 12);
	assert_int_equal(last->failed, 1);
	assert_int_equal(last->longest_ms, 90);
	assert_int_equal(last->worst, LEVEL_BAD);
	assert_int_equal(k.v[0].worst, LEVEL_NONE);
}

static const struct {
	const char *text, *html;
} texts[] = {
	{"", ""},
	{"plain – ünïcode", "plain – ünïcode"},
	{"<script>\"a\" & 'b'</script>",
	 "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;"},
	{"a\tb\nc\033[31m", "a b c [31m"},
	{"\xe2\x80\xae", " "}, /* from right to left */
	{"x\xff\xc3", "x\xef\xbf\xbd\xef\xbf\xbd"},
};

static void text_in_html_is_harmless(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf b = {0};

		html_text(&b, texts[i].text);
		assert_string_equal(buf_cstr(&b), texts[i].html);
		buf_clear(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(choose_a_length_by_the_time),
		cmocka_unit_test(joins_runs),
		cmocka_unit_test(text_in_html_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
