/* test_vec.c - what scan.c remembers and searches by vectors changes nothing:
 * a scanner that has seen other records, and one that has seen none and looks
 * at each byte, say the same of every line.
 */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/reader.h"
#include "wire/json/scan.h"

static uint64_t seed = 88172645463325252;

static unsigned chance(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static void put_string(struct buf *b)
{
	static const char *const pieces[] = {
		"a",
		"bc",
		"-",
		"12345678",
		"sixteen bytes...",
		"\\n",
		"\\u00e9",
		"\\\"",
		"\xc3\xa9",
		"\xd0\x96",
		"\xe6\x9d\x8e",
		"\xed\x95\x9c",
		"\xe0\xa4\xb9",
		"\xf0\x9f\x9a\x80",
		"\x7f",
		"\xef\xbf\xbd",
		"\xe2\x82\xac",
	};

	buf_char(b, '"');
	for (unsigned n = chance(6); n > 0; n--)
		buf_str(b, pieces[chance(COUNT_OF(pieces))]);
	buf_char(b, '"');
}

static void put_scalar(struct buf *b)
{
	static const char *const texts[] = {
		"null",
		"true",
		"false",
		"0",
		"-0",
		"7",
		"-12",
		"1.5",
		"1.50",
		"0.05",
		"1e3",
		"1E-7",
		"10.25",
		"123456",
		"999999999999999",
		"1234567890123456",
		"12345678901234567890",
		"0.1234567890123",
		"12345678.1234567",
		"-1234567.12345678",
	};

	if (chance(2))
		put_string(b);
	else
		buf_str(b, texts[chance(COUNT_OF(texts))]);
}

static void put_array(struct buf *b)
{
	buf_char(b, '[');
	for (unsigned n = chance(4), i = 0; i < n; i++) {
		if (i > 0)
			buf_str(b, chance(20) ? "," : ", ");
		if (chance(20) == 0)
			buf_str(b, "{\"k\":[1]}");
		else
			put_scalar(b);
	}
	buf_char(b, ']');
}

static void put_value(struct buf *b, int shape)
{
	switch (shape) {
	case 0:
		buf_str(b, "{\"theme\":");
		put_scalar(b);
		buf_str(b, ",\"notify\":{\"email\":");
		put_scalar(b);
		buf_str(b, ",\"list\":");
		put_array(b);
		buf_str(b, chance(9) ? "}" : " }");
		buf_str(b, chance(9) ? ",\"x\":{}}" : ",\"theme\":1}");
		break;
	case 1:
		put_array(b);
		break;
	default:
		put_scalar(b);
	}
}

/* A row; now and then with other names, white space, or a byte changed. */
static void put_row(struct buf *b)
{
	static const char *const names[] = {
		"id",          "email", "settings", "a_column_of_a_long_name",
		"caf\xc3\xa9", "scores"};
	static const int shapes[] = {2, 2, 0, 2, 2, 1};

	b->n = 0;
	buf_char(b, '{');
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (chance(60) == 0)
			continue;
		if (b->n > 1)
			buf_str(b, chance(60) ? "," : " , ");
		buf_fmt(b, "\"%s\":", names[chance(90) ? i : 0]);
		if (chance(60) == 0)
			buf_char(b, ' ');
		put_value(b, chance(40) ? shapes[i] : (int)chance(3));
	}
	buf_char(b, '}');
	if (chance(3) == 0)
		b->p[chance((unsigned)b->n)] =
			"\"\\,:{}[]0e.-t \x80\xc3\x01"[chance(18)];
	if (chance(9) == 0)
		b->n = chance((unsigned)b->n + 1);
	memset(buf_room(b, READER_PAD + 1), 0, READER_PAD + 1);
	b->p[b->n] = '\n';
}

static void same_members(struct scan *a, struct scan *b)
{
	size_t n, m;
	const struct scan_member *x = scan_members(a, &n);
	const struct scan_member *y = scan_members(b, &m);

	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(x[i].key.p, y[i].key.p);
		assert_int_equal(x[i].key.n, y[i].key.n);
		assert_ptr_equal(x[i].value.p, y[i].value.p);
		assert_int_equal(x[i].value.n, y[i].value.n);
		assert_int_equal(x[i].kind, y[i].kind);
		assert_int_equal(x[i].plain, y[i].plain);
		assert_int_equal(x[i].tight, y[i].tight);
		assert_int_equal(x[i].long_number, y[i].long_number);
	}
}

static void agrees_with_a_scanner_without_memory(void **state)
{
	struct scan *old = scan_new();
	struct buf b = {0};
	size_t good = 0;

	(void)state;
	for (int i = 0; i < 40000; i++) {
		struct scan *fresh = scan_new();
		int rc, want;

		put_row(&b);
		scan_portable(fresh, true);
		want = scan_object(fresh, buf_all(&b));
		rc = scan_object(old, buf_all(&b));
		if (rc != want)
			print_error("%.*s\n", (int)b.n, b.p);
		assert_int_equal(rc, want);
		if (rc == 0) {
			same_members(old, fresh);
			good++;
		} else {
			assert_string_equal(scan_why(old), scan_why(fresh));
			assert_int_equal(scan_at(old), scan_at(fresh));
		}
		scan_free(fresh);
	}
	assert_true(good > 10000 && good < 35000);
	buf_clear(&b);
	scan_free(old);
}

/* Every sequence of two bytes and of three, with ends that are critical. */
static void judges_utf8_as_byte_by_byte(void **state)
{
	struct scan *fast = scan_new(), *slow = scan_new();
	char line[128] = {0};

	(void)state;
	scan_portable(slow, true);
	for (unsigned i = 0; i < 1u << 16; i++) {
		static const unsigned char third[] = {'a',  0x7f, 0x80, 0x9f,
						      0xa0, 0xbf, 0xc2, 0xf4};
		unsigned char c = third[i % COUNT_OF(third)];
		int n = snprintf(line, sizeof(line), "{\"k\":\"%.*s%c%c%c%c\"}",
				 (int)(i % 29),
				 "0123456789abcdef0123456789abcd",
				 (int)(i >> 8), (int)(i & 255), c, 0x80);
		struct slice s = slice_of(line, (size_t)n);

		if (n < 12)
			continue; /* a NUL ended it */
		assert_int_equal(scan_object(fast, s), scan_object(slow, s));
	}
	scan_free(fast);
	scan_free(slow);
}

static uint64_t shape_of(struct scan *s, const char *text)
{
	char line[128] = {0};

	snprintf(line, sizeof(line), "%s", text);
	assert_int_equal(scan_object(s, slice_str(line)), 0);
	return scan_shape(s);
}

static void gives_a_shape_of_late_its_number_again(void **state)
{
	static const char *const rows[] = {
		"{\"a\":1,\"b\":2}",         "{\"a\":1}",
		"{\"b\":1,\"a\":2}",         "{}",
		"{\"a\":1,\"b\":2,\"c\":3}", "{\"ab\":1}",
	};
	uint64_t number[COUNT_OF(rows)];
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		number[i] = shape_of(s, rows[i]);
		assert_true(number[i] > 0);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(number[i], number[k]);
	}
	for (size_t k = 0; k < 40; k++) {
		size_t i = k * 5 % COUNT_OF(rows);

		assert_int_equal(shape_of(s, rows[i]), number[i]);
	}
	scan_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_scanner_without_memory),
		cmocka_unit_test(judges_utf8_as_byte_by_byte),
		cmocka_unit_test(gives_a_shape_of_late_its_number_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
