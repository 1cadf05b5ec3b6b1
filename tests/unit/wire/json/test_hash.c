/* test_hash.c - unit tests of wire/json/hash.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/reader.h"
#include "wire/json/hash_long.h"

enum { SEED = 42 };

static char *line_of(const char *text, size_t n)
{
	char *p = mem_zero(n + READER_PAD);

	memcpy(p, text, n);
	p[n] = '\n';
	return p;
}

/* hash_row of the object, which must be good, but for its member skip. */
static struct hash row_in(struct hash_scratch *scratch, const char *text,
			  size_t n, int skip, uint64_t seed)
{
	char *line = line_of(text, n);
	struct scan *s = scan_new();
	const struct scan_member *m;
	bool *skips;
	struct hash h;

	if (scan_object(s, slice_of(line, n)) < 0)
		fail_msg("%s: byte %zu: %s", text, scan_at(s), scan_why(s));
	m = scan_members(s, &n);
	skips = mem_zero(n * sizeof(*skips) + 1);
	if (skip >= 0)
		skips[skip] = true;
	h = hash_row(m, n, skip < 0 ? NULL : skips, seed, scratch);
	free(skips);
	scan_free(s);
	free(line);
	return h;
}

static struct hash row_but(const char *text, size_t n, int skip, uint64_t seed)
{
	struct hash_scratch scratch = {0};
	struct hash h = row_in(&scratch, text, n, skip, seed);

	hash_scratch_clear(&scratch);
	return h;
}

static struct hash row(const char *text)
{
	return row_but(text, strlen(text), -1, SEED);
}

static struct hash value(const char *text)
{
	char *line = line_of(text, strlen(text));
	struct scan *s = scan_new();
	struct buf scratch = {0};
	enum scan_kind kind;
	struct hash h;

	if (scan_value(s, slice_of(line, strlen(text)), &kind) < 0)
		fail_msg("%s: byte %zu: %s", text, scan_at(s), scan_why(s));
	h = hash_value(slice_of(line, strlen(text)), SEED, &scratch);
	buf_clear(&scratch);
	scan_free(s);
	free(line);
	return h;
}

static const struct {
	const char *text, *canonical;
} numbers[] = {
	{"0", "0"},
	{"-0", "0"},
	{"0.0", "0"},
	{"-0.000e5", "0"},
	{"0e99999999999999999999", "0"},
	{"1", "1"},
	{"-1", "-1"},
	{"1.0", "1"},
	{"10e-1", "1"},
	{"0.1e1", "1"},
	{"0.1E+1", "1"},
	{"1000e-3", "1"},
	{"1.50", "1.5"},
	{"150e-2", "1.5"},
	{"0.5", "0.5"},
	{"5e-1", "0.5"},
	{"0.05", "0.5e-1"},
	{"5e-2", "0.5e-1"},
	{"1.50e-3", "0.15e-2"},
	{"1e2", "100"},
	{"100", "100"},
	{"1E2", "100"},
	{"12.5e1", "125"},
	{"-12.50e0", "-12.5"},
	{"9007199254740993", "9007199254740993"},
	{"12345678901234567890", "12345678901234567890"},
	{"-12345678901234567890", "-12345678901234567890"},
	{"1234567890123456789.5", "1234567890123456789.5"},
	{"123456789012345678901", "0.123456789012345678901e21"},
	{"1e19", "10000000000000000000"},
	{"1e20", "0.1e21"},
	{"100000000000000000000", "0.1e21"},
	{"1e400", "0.1e401"},
	{"10e399", "0.1e401"},
	{"1e-400", "0.1e-399"},
	{"0.0000000000000000000001e400", "0.1e379"},
	{"1e00000000000000000000000000001", "10"},
	{"1e2000000000000000000", "0.1e2000000000000000001"},
	{"1.50", "1.5"},
	{"-300.00", "-300"},
	{"1234567890123456.700", "1234567890123456.7"},
	{"12345678901234567.00", "12345678901234567"},
	{"10.0e1", "100"},
	{"-0.00", "0"},
	{"0.050", "0.5e-1"},
};

static void writes_numbers_as_their_exact_value(void **state)
{
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		b.n = 0;
		hash_canonical(&b, slice_str(numbers[i].text));
		assert_string_equal(buf_cstr(&b), numbers[i].canonical);
	}
	buf_clear(&b);
}

/* All numbers of the table, pairwise: the same where the value is. */
static void hashes_numbers_as_their_exact_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		for (size_t j = 0; j < i; j++) {
			bool same = strcmp(numbers[i].canonical,
					   numbers[j].canonical) == 0;

			if (hash_eq(value(numbers[i].text),
				    value(numbers[j].text)) != same)
				fail_msg("%s and %s", numbers[i].text,
					 numbers[j].text);
		}
	}
}

static const char *const same[][2] = {
	{"{}", "{ }"},
	{"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"},
	{"{\"a\":1,\"b\":2}", "{ \"a\" : 1 ,\t\"b\" : 2 }"},
	{"{\"a\":\"x\"}", "{\"a\":\"\\u0078\"}"},
	{"{\"a\":\"x\"}", "{\"\\u0061\":\"x\"}"},
	{"{\"a\":\"/\"}", "{\"a\":\"\\/\"}"},
	{"{\"a\":\"\xc3\xa9\"}", "{\"a\":\"\\u00e9\"}"},
	{"{\"a\":\"\xc3\xa9\"}", "{\"a\":\"\\u00E9\"}"},
	{"{\"a\":\"\xf0\x9f\x98\x80\"}", "{\"a\":\"\\ud83d\\ude00\"}"},
	{"{\"a\":\"\\n\\t\"}", "{\"a\":\"\\u000a\\u0009\"}"},
	{"{\"a\":\"\\\"\\\\\"}", "{\"a\":\"\\u0022\\u005c\"}"},
	{"{\"a\":\"\\\"/\\u001f\"}", "{\"a\":\"\\\"\\/\\u001F\"}"},
	{"{\"a\":\"\x7f\"}", "{\"a\":\"\\u007F\"}"},
	{"{\"a\":1}", "{\"a\":1.0}"},
	{"{\"a\":[1,2]}", "{\"a\":[ 1 , 2.0 ]}"},
	{"{\"a\":[]}", "{\"a\":[ ]}"},
	{"{\"a\":{}}", "{\"a\":{ }}"},
	{"{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"c\":2,\"b\":1}}"},
	{"{\"a\":{\"b\":\"x\",\"c\":2}}",
	 "{\"a\":{\"c\":2e0, \"b\":\"\\u0078\"}}"},
	{"{\"a\":[{\"b\":1,\"c\":[2]}]}", "{\"a\":[ {\"c\":[2 ],\"b\":1}]}"},
	{"{\"a\":{\"b\":{\"c\":1,\"d\":{}}}}",
	 "{\"a\":{\"b\":{\"d\":{},\"c\":10e-1}}}"},
	{"{\"a\":{\"\\u0062\":true}}", "{\"a\":{\"b\": true}}"},
	{"{\"a\":{\"b\":[{},[],null]}}", "{\"a\" :{\"b\":[ {},[],null]}}"},
};

static void takes_different_texts_of_one_value_as_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		if (!hash_eq(row(same[i][0]), row(same[i][1])))
			fail_msg("rows %s and %s", same[i][0], same[i][1]);
		if (!hash_eq(value(same[i][0]), value(same[i][1])))
			fail_msg("values %s and %s", same[i][0], same[i][1]);
	}
}

/* No two of these are the same. */
static const char *const different[] = {
	"{}",
	"{\"a\":null}",
	"{\"a\":\"\"}",
	"{\"a\":false}",
	"{\"a\":true}",
	"{\"a\":0}",
	"{\"a\":\"0\"}",
	"{\"a\":[]}",
	"{\"a\":{}}",
	"{\"a\":[null]}",
	"{\"a\":[{}]}",
	"{\"a\":[[]]}",
	"{\"a\":{\"a\":{}}}",
	"{\"a\":1}",
	"{\"a\":-1}",
	"{\"a\":\"1\"}",
	"{\"a\":[1]}",
	"{\"a\":[\"1\"]}",
	"{\"b\":1}",
	"{\"a\":1,\"b\":2}",
	"{\"a\":2,\"b\":1}",
	"{\"a\":12}",
	"{\"a\":[1,2]}",
	"{\"a\":[2,1]}",
	"{\"a\":[12]}",
	"{\"a\":[[1],2]}",
	"{\"a\":[[1,2]]}",
	"{\"a\":[1,[2]]}",
	"{\"a\":{\"b\":1}}",
	"{\"a\":{\"b\":1,\"c\":1}}",
	"{\"a\":{\"b\":{\"c\":1}}}",
	"{\"a\":{\"b\":{}},\"c\":1}",
	"{\"a\":{\"b\":{}, \"c\":1}}",
	"{\"a\":[{\"b\":1},{\"c\":1}]}",
	"{\"a\":[{\"c\":1},{\"b\":1}]}",
	"{\"a\":[{\"b\":1,\"c\":1}]}",
	"{\"a\":[{\"b\":1,\"c\":1},{}]}",
	"{\"a\":\"b\\\":1,\\\"c\"}",
	"{\"a\":\"[1]\"}",
	"{\"a\":\"{}\"}",
	"{\"a\":\"\\u0000\"}",
	"{\"a\":\"\\u0001\"}",
	"{\"a\":\"\\ud800\"}",
	"{\"a\":\"\\ud801\"}",
	"{\"a\":\"\\udc00\"}",
	"{\"a\":\"\\\\ud800\"}",
	"{\"a\":\"e\xcc\x81\"}", /* not normalised: bytes are bytes */
	"{\"a\":\"\xc3\xa9\"}",
	"{\"A\":1}",
	"{\"\":1}",
	"{\"a\":9007199254740992}",
	"{\"a\":9007199254740993}",
	"{\"a\":0.1}",
	"{\"a\":0.10000000000000000555}",
};

static void takes_different_values_as_different(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(different); i++) {
		for (size_t j = 0; j < i; j++) {
			if (hash_eq(row(different[i]), row(different[j])))
				fail_msg("rows %s and %s", different[i],
					 different[j]);
			if (hash_eq(value(different[i]), value(different[j])))
				fail_msg("values %s and %s", different[i],
					 different[j]);
		}
	}
}

static uint64_t chance_state;

static unsigned chance(unsigned below)
{
	chance_state =
		chance_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(chance_state >> 33) % below;
}

/* How a value is to be written: the plainest way, or each time by chance. */
static void put_space(struct buf *b, bool odd)
{
	if (odd && chance(3) == 0)
		buf_char(b, " \t\r"[chance(3)]);
}

static void put_string(struct buf *b, const char *s, bool odd)
{
	buf_char(b, '"');
	for (; *s; s++) {
		if (odd && chance(4) == 0 && (unsigned char)*s < 0x80)
			buf_fmt(b, chance(2) ? "\\u%04x" : "\\u%04X", *s);
		else
			buf_char(b, *s);
	}
	buf_char(b, '"');
}

static void put_number(struct buf *b, unsigned n, bool odd)
{
	if (!odd || n == 0 || chance(2) == 0)
		buf_uint(b, n);
	else if (chance(2) == 0)
		buf_fmt(b, "%u.0", n);
	else if (n % 10 == 0)
		buf_fmt(b, "%ue%s1", n / 10, chance(2) ? "+" : "");
	else
		buf_fmt(b, "%u0E-1", n);
}

static const char *const words[] = {
	"a",
	"b",
	"theme",
	"lang",
	"notify",
	"email",
	"",
	"a long name, longer than a vector is",
	"\xc3\xa9\xc3\xa8",
	"x:y,z{",
};

/* The same value for the same tree_seed, written differently if odd. Each
 * choice of the value comes from its own generator.
 */
static uint64_t tree_state;

static unsigned tree(unsigned below)
{
	tree_state = tree_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(tree_state >> 33) % below;
}

static void put_value(struct buf *b, unsigned depth, bool odd);

static void put_object(struct buf *b, unsigned depth, bool odd)
{
	struct buf member[COUNT_OF(words)] = {{0}};
	size_t n = tree(COUNT_OF(words)), first = tree(COUNT_OF(words)), at;

	for (size_t i = 0; i < n; i++) {
		struct buf *m = &member[i];

		put_string(m, words[(first + i) % COUNT_OF(words)], odd);
		put_space(m, odd);
		buf_char(m, ':');
		put_space(m, odd);
		put_value(m, depth + 1, odd);
		put_space(m, odd);
	}
	buf_char(b, '{');
	put_space(b, odd);
	at = odd && n > 0 ? chance((unsigned)n) : 0;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		put_space(b, odd);
		buf_slice(b, buf_all(&member[(at + i) % n]));
	}
	buf_char(b, '}');
	for (size_t i = 0; i < n; i++)
		buf_clear(&member[i]);
}

static void put_array(struct buf *b, unsigned depth, bool odd)
{
	unsigned n = tree(5);

	buf_char(b, '[');
	put_space(b, odd);
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		put_space(b, odd);
		put_value(b, depth + 1, odd);
		put_space(b, odd);
	}
	buf_char(b, ']');
}

static void put_value(struct buf *b, unsigned depth, bool odd)
{
	static const char *const literals[] = {"null", "true", "false"};

	switch (tree(depth < 4 ? 7 : 4)) {
	case 0:
		put_number(b, tree(1000), odd);
		break;
	case 1:
		buf_str(b, literals[tree(COUNT_OF(literals))]);
		break;
	case 2:
	case 3:
		put_string(b, words[tree(COUNT_OF(words))], odd);
		break;
	case 4:
		put_array(b, depth, odd);
		break;
	default:
		put_object(b, depth, odd);
	}
}

static void hashes_a_row_alike_however_it_is_written(void **state)
{
	struct buf plain = {0}, odd = {0};

	(void)state;
	chance_state = 1;
	for (uint64_t i = 0; i < 4000; i++) {
		plain.n = odd.n = 0;
		tree_state = i;
		put_object(&plain, 0, false);
		tree_state = i;
		put_object(&odd, 0, true);
		buf_cstr(&plain);
		buf_cstr(&odd);
		if (!hash_eq(row_but(plain.p, plain.n, -1, SEED),
			     row_but(odd.p, odd.n, -1, SEED)))
			fail_msg("%s and %s", plain.p, odd.p);
		if (!hash_eq(value(plain.p), value(odd.p)))
			fail_msg("%s and %s", plain.p, odd.p);
	}
	buf_clear(&plain);
	buf_clear(&odd);
}

/* Rows of few and of many different objects in turn, so that hashes are
 * remembered, forgotten, not looked up for a while, and of two seeds.
 */
static void hashes_a_row_alike_whatever_came_before(void **state)
{
	struct hash_scratch scratch = {0};
	struct buf text = {0};

	(void)state;
	for (uint64_t i = 0; i < 20000; i++) {
		uint64_t seed = i < 15000 ? SEED : SEED + i % 2;

		text.n = 0;
		tree_state = i / 1000 % 2 ? i : i % 7;
		put_object(&text, 0, false);
		buf_cstr(&text);
		if (!hash_eq(row_in(&scratch, text.p, text.n, -1, seed),
			     row_but(text.p, text.n, -1, seed)))
			fail_msg("row %ju: %s", (uintmax_t)i, text.p);
	}
	buf_clear(&text);
	hash_scratch_clear(&scratch);
}

static void leaves_out_what_is_to_be_skipped(void **state)
{
	static const char all[] = "{\"a\":1,\"_rudder\":{\"x\":[1]},\"b\":{}}";

	(void)state;
	assert_true(hash_eq(row_but(all, strlen(all), 1, SEED),
			    row("{\"a\":1,\"b\":{}}")));
	assert_true(hash_eq(row_but(all, strlen(all), 2, SEED),
			    row("{\"a\":1,\"_rudder\":{\"x\":[1]}}")));
	assert_false(hash_eq(row_but(all, strlen(all), 1, SEED), row(all)));
}

static void depends_on_the_seed(void **state)
{
	(void)state;
	assert_false(hash_eq(row_but("{\"a\":1}", 7, -1, 1),
			     row_but("{\"a\":1}", 7, -1, 2)));
	assert_false(hash_eq(row_but("{\"a\":{\"b\":1}}", 13, -1, 1),
			     row_but("{\"a\":{\"b\":1}}", 13, -1, 2)));
	assert_false(hash_eq(hash_bytes("a", 1, 1), hash_bytes("a", 1, 2)));
}

static void goes_as_deep_as_the_scanner(void **state)
{
	struct buf a = {0}, b = {0};
	struct hash h;

	(void)state;
	for (int i = 0; i < SCAN_DEPTH - 1; i++)
		buf_str(&a, i % 2 ? "{\"a\":" : "[");
	buf_slice(&b, buf_all(&a));
	buf_str(&a, "{}");
	buf_str(&b, "{\"x\":1}");
	for (int i = SCAN_DEPTH - 2; i >= 0; i--) {
		buf_char(&a, i % 2 ? '}' : ']');
		buf_char(&b, i % 2 ? '}' : ']');
	}
	h = value(buf_cstr(&a));
	assert_true(hash_eq(h, value(a.p)));
	assert_false(hash_eq(h, value(buf_cstr(&b))));
	buf_clear(&a);
	buf_clear(&b);
}

static void hashes_pieces_as_the_whole(void **state)
{
	enum { SIZE = 3000 };
	static const size_t pieces[] = {0, 1, 16, 17, 240, 241, 1024, 1461};
	char bytes[SIZE];
	struct hash_long *s = hash_long_new(SEED);
	size_t at = 0;

	(void)state;
	chance_state = 1;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)chance(256);
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		hash_long_add(s, bytes + at, pieces[i]);
		at += pieces[i];
	}
	assert_int_equal(at, SIZE);
	assert_true(hash_eq(hash_long_end(s), hash_bytes(bytes, SIZE, SEED)));
}

static void hashes_half_as_much_under_a_seed_made_ready(void **state)
{
	enum { SIZE = 1500 };
	char bytes[SIZE];

	(void)state;
	chance_state = 2;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)chance(256);
	for (size_t n = 0; n <= SIZE; n++) {
		struct hash_seed s;

		hash_seed_init(&s, n % 7 == 0 ? 0 : SEED + n);
		assert_true(hash_half_of(bytes, n, &s) ==
			    hash_half(bytes, n, s.seed));
	}
}

/* State files hold these values: where they change, the format of the state
 * must get a new number.
 */
static void keeps_the_values_of_state_files(void **state)
{
	static const struct {
		const char *text;
		uint64_t hi, lo;
	} frozen[] = {
		{"{}", 0, 0},
		{"{\"id\":7}", 0xe0e27f4166fbe72e, 0x67e1cb38900e6d75},
		{"{\"id\":7,\"a\":{\"b\":[1,{\"c\":\"\\n\"}]},\"d\":1.50}",
		 0xa5391316791d3824, 0x4c356eb1d58ac260},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(frozen); i++) {
		struct hash h = row(frozen[i].text);

		if (h.hi != frozen[i].hi || h.lo != frozen[i].lo)
			fail_msg("%s: 0x%016jx, 0x%016jx", frozen[i].text,
				 (uintmax_t)h.hi, (uintmax_t)h.lo);
	}
}

static void puts_hashes_in_order(void **state)
{
	const struct hash h[] = {
		{0, 0}, {0, 1}, {0, UINT64_MAX}, {1, 0}, {UINT64_MAX, 0}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(h); i++) {
		for (size_t j = 0; j < COUNT_OF(h); j++) {
			assert_int_equal(hash_order(h[i], h[j]),
					 (i > j) - (i < j));
			assert_int_equal(hash_eq(h[i], h[j]), i == j);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_numbers_as_their_exact_value),
		cmocka_unit_test(hashes_numbers_as_their_exact_value),
		cmocka_unit_test(
			takes_different_texts_of_one_value_as_the_same),
		cmocka_unit_test(takes_different_values_as_different),
		cmocka_unit_test(hashes_a_row_alike_however_it_is_written),
		cmocka_unit_test(hashes_a_row_alike_whatever_came_before),
		cmocka_unit_test(leaves_out_what_is_to_be_skipped),
		cmocka_unit_test(depends_on_the_seed),
		cmocka_unit_test(goes_as_deep_as_the_scanner),
		cmocka_unit_test(hashes_pieces_as_the_whole),
		cmocka_unit_test(hashes_half_as_much_under_a_seed_made_ready),
		cmocka_unit_test(keeps_the_values_of_state_files),
		cmocka_unit_test(puts_hashes_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
