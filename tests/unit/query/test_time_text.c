/* test_time_text.c - unit tests of query/time_text.h */
#include "cmocka_all.h"

#include "query/time_text.h"

typedef int read_fn(struct buf *b, struct slice s);

static const struct {
	read_fn *read;
	const char *text, *json; /* NULL: refused */
} cases[] = {
	{time_text_datetime, "2004-10-19", "2004-10-19T00:00:00Z"},
	{time_text_datetime, "2004-10-19 10:23", "2004-10-19T10:23:00Z"},
	{time_text_datetime, "2004-10-19T10:23:54.250Z",
	 "2004-10-19T10:23:54.25Z"},
	{time_text_datetime, "2004-10-19t10:23:54z", "2004-10-19T10:23:54Z"},
	{time_text_datetime, "2004-10-19 10:23:54-04", "2004-10-19T14:23:54Z"},
	{time_text_datetime, "2004-10-19T23:30:00.123456789+05:30",
	 "2004-10-19T18:00:00.123456789Z"},
	{time_text_datetime, "2004-12-31 23:30:00-0330",
	 "2005-01-01T03:00:00Z"},
	{time_text_datetime, "2005-01-01 00:30:00+01", "2004-12-31T23:30:00Z"},
	{time_text_datetime, "2004-10-19 10:23:54 +0000",
	 "2004-10-19T10:23:54Z"},
	{time_text_datetime, "2004-10-19 10:23:54 UTC", "2004-10-19T10:23:54Z"},
	{time_text_datetime, "2004-10-19 10:23:54,5", "2004-10-19T10:23:54.5Z"},
	{time_text_datetime, "1900-01-01 00:00:00+00:53:28",
	 "1899-12-31T23:06:32Z"},
	{time_text_datetime, "2016-12-31 23:59:60", "2016-12-31T23:59:60Z"},
	{time_text_datetime, "2004-10-19 24:00:00", "2004-10-20T00:00:00Z"},
	{time_text_datetime, "0044-03-15 10:00:00+00 BC",
	 "-0043-03-15T10:00:00Z"},
	{time_text_datetime, "-0043-03-15T10:00:00Z", "-0043-03-15T10:00:00Z"},
	{time_text_datetime, "+10000-01-01T00:00:00Z",
	 "+10000-01-01T00:00:00Z"},
	{time_text_datetime, "10000-01-01 00:00:00", "+10000-01-01T00:00:00Z"},
	{time_text_datetime, "infinity", "infinity"},
	{time_text_datetime, "-Infinity", "-infinity"},
	{time_text_datetime, "", NULL},
	{time_text_datetime, "2004-02-30 10:00:00", NULL},
	{time_text_datetime, "2004-10-19 25:00:00", NULL},
	{time_text_datetime, "2004-10-19 24:00:01", NULL},
	{time_text_datetime, "2004-10-19 10:00:00+24", NULL},
	{time_text_datetime, "2004-10-19 10:00:00 CET", NULL},
	{time_text_datetime, "2004-10-19 10:00:00+1", NULL},
	{time_text_datetime, "2004-10-19 10:00:00.", NULL},
	{time_text_datetime, "2004-10-19 10:00:00Zx", NULL},
	{time_text_datetime, "2004-10-19 ", NULL},
	{time_text_datetime, "0000-03-15 BC", NULL},
	{time_text_datetime, "-0044-03-15 BC", NULL},
	{time_text_datetime, "99999999999-01-01", NULL},
	{time_text_datetime, "19.10.2004", NULL},
	{time_text_datetime, "infinityx", NULL},
	{time_text_date, "2004-10-19", "2004-10-19T00:00:00Z"},
	{time_text_date, "2004-10-19T00:00:00Z", "2004-10-19T00:00:00Z"},
	{time_text_date, "2004-10-19 00:00:00", "2004-10-19T00:00:00Z"},
	{time_text_date, "0044-03-15 BC", "-0043-03-15T00:00:00Z"},
	{time_text_date, "infinity", "infinity"},
	{time_text_date, "2004-10-19T00:00:01Z", NULL},
	{time_text_date, "2004-10-19T00:00:00+02", NULL},
	{time_text_date, "2004-10-19T00:00:00.5Z", NULL},
	{time_text_time, "10:23:60.5", "0000-01-01T10:23:60.5Z"},
	{time_text_time, "0000-01-01T10:23:60.5Z", "0000-01-01T10:23:60.5Z"},
	{time_text_time, "0000-01-01TZ", NULL},
	{time_text_time, "0000-01-01T", NULL},
	{time_text_time, "10:23:60Z", NULL},
	{time_text_time, "10:23:54.50", "0000-01-01T10:23:54.5Z"},
	{time_text_time, "0000-01-01T10:23:54.5Z", "0000-01-01T10:23:54.5Z"},
	{time_text_time, "10:23:54.1234567+02",
	 "0000-01-01T10:23:54.1234567+02:00"},
	{time_text_time, "0000-01-01T10:23:54+00:00",
	 "0000-01-01T10:23:54+00:00"},
	{time_text_time, "10:23", "0000-01-01T10:23:00Z"},
	{time_text_time, "24:00:00", "0000-01-01T24:00:00Z"},
	{time_text_time, "25:00:00", NULL},
	{time_text_time, "10", NULL},
};

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = {0}, wanted = {0};
		int rc = cases[i].read(&b, slice_str(cases[i].text));

		if (cases[i].json)
			buf_fmt(&wanted, "\"%s\"", cases[i].json);
		assert_string_equal(buf_cstr(&b), buf_cstr(&wanted));
		assert_int_equal(rc, cases[i].json ? 0 : -1);
		buf_clear(&b);
		buf_clear(&wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
