/* test_when.c - unit tests of query/timestamp.h */
#include "cmocka_all.h"

#include "query/timestamp.h"

#define S INT64_C(1000000)

static const struct {
	const char *text;
	int64_t us;
	const char *blank;
} times[] = {
	{"1970-01-01", 0, "1970-01-01 00:00:00"},
	{"1970-01-02", 86400 * S, "1970-01-02 00:00:00"},
	{"1969-12-31T23:59:59Z", -S, "1969-12-31 23:59:59"},
	{"1970-01-01 00:01", 60 * S, "1970-01-01 00:01:00"},
	{"1970-01-01T00:00:01.000001Z", S + 1, "1970-01-01 00:00:01.000001"},
	{"1970-01-01 00:00:00.5", S / 2, "1970-01-01 00:00:00.5"},
	{"1970-01-01 02:00:00+02:00", 0, "1970-01-01 00:00:00"},
	{"1970-01-01T02:00:00+02", 0, "1970-01-01 00:00:00"},
	{"1969-12-31 20:30:00-03:30", 0, "1970-01-01 00:00:00"},
	{"1969-12-31 20:30:00 -0330", 0, "1970-01-01 00:00:00"},
	{"1970-01-01 02:00:00 +0200 CEST", 0, "1970-01-01 00:00:00"},
	{"1970-01-01 01:00:00+02:00", -3600 * S, "1969-12-31 23:00:00"},
	{"2000-02-29", 951782400 * S, "2000-02-29 00:00:00"},
	{"2024-01-03T10:00:00Z", 1704276000 * S, "2024-01-03 10:00:00"},
	{"0001-01-01", -62135596800 * S, "0001-01-01 00:00:00"},
	{"9999-12-31T23:59:59.999999Z", 253402300800 * S - 1,
	 "9999-12-31 23:59:59.999999"},
};

static void reads_times_as_they_are_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		int64_t us;
		struct buf b = {0};

		if (timestamp_read(slice_str(times[i].text), &us) < 0)
			fail_msg("not read: %s", times[i].text);
		assert_int_equal(us, times[i].us);
		assert_int_equal(timestamp_blank(&b, slice_str(times[i].text)),
				 0);
		assert_string_equal(buf_cstr(&b), times[i].blank);
		buf_clear(&b);
	}
}

static void refuses_what_is_no_time(void **state)
{
	static const char *const wrong[] = {
		"",
		"7",
		"soon",
		"2024-1-3",
		"2024-02-30",
		"2023-02-29",
		"2024-13-01",
		"0000-00-00",
		"0000-01-01",
		"+10000-01-01T00:00:00Z",
		"-0043-03-15T00:00:00Z",
		"2024-01-01T",
		"2024-01-01 24:00",
		"2024-01-01 10:60",
		"2024-01-01 10:00:61",
		"2024-01-01x10:00",
		"2024-01-01 10:00:00 ",
		"2024-01-01 10:00:00ZZ",
		"2024-01-01 10:00:00+2",
		"2024-01-01 10:00:00+02:0",
		"2024-01-01 10:00:00+02x00",
		"infinity",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct buf b = {0};
		int64_t us;

		if (timestamp_read(slice_str(wrong[i]), &us) == 0)
			fail_msg("read: %s", wrong[i]);
		assert_int_equal(timestamp_earlier(&b, slice_str(wrong[i]), 1),
				 -1);
		assert_int_equal(timestamp_blank(&b, slice_str(wrong[i])), -1);
		assert_int_equal(b.n, 0);
		buf_clear(&b);
	}
}

/* A database would read them in the zone of its session. */
static void refuses_a_since_that_may_be_local(void **state)
{
	static const struct {
		const char *text;
		bool z;
		int rc;
	} cases[] = {
		{"2024-01-03", false, 0},
		{"2024-01-03 10:00", false, 0},
		{"2024-01-03T10:00:00Z", false, 0},
		{"2024-01-03 10:00:00 ", true, -1},
		{"2024-1-3 10:00", true, -1},
		{"20240103100000", true, -1},
		{"Jan 3 2024 10:00", true, -1},
		{"10:00 9", true, -1},
		{"10:00 0", true, -1},
		{"yesterday", false, 0},
		{"-infinity", true, 0},
		{"", true, 0},
		{"12024-06-01T12:00:00Z", true, 0},
		{"2024-1-3T10:00:00Z", false, -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = {0};

		if (timestamp_check(slice_str(cases[i].text), cases[i].z, &e) !=
		    cases[i].rc)
			fail_msg("not %d: '%s'", cases[i].rc, cases[i].text);
		assert_int_equal(e.kind, cases[i].rc < 0 ? ERR_USAGE : 0);
	}
}

static const struct {
	const char *text;
	uint64_t ms;
	const char *earlier;
} moved[] = {
	{"2024-03-01", 0, "2024-03-01"},
	{"2024-03-01", 1, "2024-02-29"},
	{"2024-03-01", 86400000, "2024-02-29"},
	{"2024-03-01 00:00", 1, "2024-02-29 23:59"},
	{"2024-03-01T00:00:00Z", 1, "2024-02-29T23:59:59Z"},
	{"2024-03-01T00:00:00.00Z", 1, "2024-02-29T23:59:59.99Z"},
	{"2024-03-01 00:00:00.123456789+02:00", 600000,
	 "2024-02-29 23:50:00.123456000+02:00"},
	{"1970-01-01T00:00:00Z", 3600000, "1969-12-31T23:00:00Z"},
	{"0001-01-02T00:00:00Z", 86400001, "0001-01-01T00:00:00Z"},
	{"2024-01-01", UINT64_MAX, "0001-01-01"},
};

static void goes_back_in_the_same_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(moved); i++) {
		struct buf b = {0};

		assert_int_equal(timestamp_earlier(&b, slice_str(moved[i].text),
						   moved[i].ms),
				 0);
		assert_string_equal(buf_cstr(&b), moved[i].earlier);
		buf_clear(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_times_as_they_are_written),
		cmocka_unit_test(refuses_what_is_no_time),
		cmocka_unit_test(refuses_a_since_that_may_be_local),
		cmocka_unit_test(goes_back_in_the_same_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
