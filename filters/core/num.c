#include "core/num.h"

#include <endian.h>
#include <string.h>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

int num_uint(struct slice s, uint64_t *v)
{
	uint64_t got = 0;

	if (s.n == 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' ||
		    __builtin_mul_overflow(got, 10, &got) ||
		    __builtin_add_overflow(got, s.p[i] - '0', &got))
			return -1;
	}
	*v = got;
	return 0;
}

struct num_unit {
	const char *name;
	uint64_t factor;
};

/* Reads a number and its unit; the first unit that matches counts. */
static int with_unit(struct slice s, const struct num_unit *u, uint64_t *v)
{
	uint64_t got;

	for (; u->name; u++) {
		size_t n = strlen(u->name);

		if (s.n <= n || memcmp(s.p + s.n - n, u->name, n) != 0)
			continue;
		if (num_uint(slice_of(s.p, s.n - n), &got) < 0 ||
		    __builtin_mul_overflow(got, u->factor, &got))
			return -1;
		*v = got;
		return 0;
	}
	return -1;
}

int num_size(struct slice s, uint64_t *v)
{
	static const struct num_unit units[] = {
		{"K", 1024},
		{"k", 1024},
		{"M", 1024 * 1024},
		{"G", 1024 * 1024 * 1024},
		{"", 1},
		{NULL, 0},
	};

	return with_unit(s, units, v);
}

/* 1 in each byte of a word. */
static const uint64_t each = 0x0101010101010101;

/* The hexadecimal digits of 8 values from 0 to 15. */
static uint64_t digits_of(uint64_t n)
{
	uint64_t above = (n + each * 6) >> 4 & each;

	return n + each * '0' + above * ('a' - '9' - 1);
}

#if defined(__x86_64__)
/* Reads all sixteen digits at once. */
int num_hex_words(uint64_t first, uint64_t next, uint64_t *v)
{
	const __m128i x = _mm_set_epi64x((int64_t)next, (int64_t)first);
	const __m128i digit = _mm_sub_epi8(x, _mm_set1_epi8('0'));
	const __m128i letter = _mm_sub_epi8(x, _mm_set1_epi8('a'));
	const __m128i is_digit =
		_mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
	const __m128i is_letter =
		_mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
	__m128i n = _mm_or_si128(
		_mm_and_si128(is_digit, digit),
		_mm_and_si128(is_letter,
			      _mm_add_epi8(letter, _mm_set1_epi8(10))));

	if (_mm_movemask_epi8(_mm_or_si128(is_digit, is_letter)) != 0xffff)
		return -1;
	/* of each two digits the first is the upper half of a byte */
	n = _mm_and_si128(
		_mm_or_si128(_mm_slli_epi16(n, 4), _mm_srli_epi16(n, 8)),
		_mm_set1_epi16(0xff));
	n = _mm_packus_epi16(n, n);
	*v = be64toh((uint64_t)_mm_cvtsi128_si64(n));
	return 0;
}
#else
/* Reads 8 digits; the first is in the top byte on every machine. The value of a
 * letter is 9 more than its low four bits. To detect other characters, the
 * value is converted back and compared.
 */
static int hex8(uint64_t digits, uint64_t *v)
{
	uint64_t x = be64toh(digits), n;

	n = (x & each * 0x0f) + (x >> 6 & each) * 9;
	if ((n & each * 0xf0) != 0 || digits_of(n) != x)
		return -1;
	n = (n | n >> 4) & 0x00ff00ff00ff00ff;
	n = (n | n >> 8) & 0x0000ffff0000ffff;
	*v = (n | n >> 16) & 0xffffffff;
	return 0;
}

int num_hex_words(uint64_t first, uint64_t next, uint64_t *v)
{
	uint64_t high, low;

	if (hex8(first, &high) < 0 || hex8(next, &low) < 0)
		return -1;
	*v = high << 32 | low;
	return 0;
}
#endif

int num_hex(const char digits[16], uint64_t *v)
{
	uint64_t words[2];

	memcpy(words, digits, sizeof(words));
	return num_hex_words(words[0], words[1], v);
}

#if defined(__x86_64__)
void num_to_hex(uint64_t v, char digits[16])
{
	const __m128i x = _mm_cvtsi64_si128((int64_t)htobe64(v));
	const __m128i low = _mm_set1_epi8(0x0f);
	/* the upper half of each byte, then the lower one */
	const __m128i n =
		_mm_unpacklo_epi8(_mm_and_si128(_mm_srli_epi16(x, 4), low),
				  _mm_and_si128(x, low));
	const __m128i letter = _mm_cmpgt_epi8(n, _mm_set1_epi8(9));

	_mm_storeu_si128(
		(void *)digits,
		_mm_add_epi8(
			_mm_add_epi8(n, _mm_set1_epi8('0')),
			_mm_and_si128(letter, _mm_set1_epi8('a' - '9' - 1))));
}
#else
static void to_hex8(uint64_t n, char *digits)
{
	n = (n | n << 16) & 0x0000ffff0000ffff;
	n = (n | n << 8) & 0x00ff00ff00ff00ff;
	n = (n | n << 4) & each * 0x0f;
	n = htobe64(digits_of(n));
	memcpy(digits, &n, sizeof(n));
}

void num_to_hex(uint64_t v, char digits[16])
{
	to_hex8(v >> 32, digits);
	to_hex8(v & UINT32_MAX, digits + 8);
}
#endif

void num_hex_xor(char to[8], const char digits[8], uint32_t mix)
{
	uint64_t x, n, m = mix;

	memcpy(&x, digits, sizeof(x));
	x = be64toh(x);
	m = (m | m << 16) & 0x0000ffff0000ffff;
	m = (m | m << 8) & 0x00ff00ff00ff00ff;
	m = (m | m << 4) & each * 0x0f;
	n = ((x & each * 0x0f) + (x >> 6 & each) * 9) ^ m;
	n = htobe64(digits_of(n));
	memcpy(to, &n, sizeof(n));
}

int num_msec(struct slice s, uint64_t *v)
{
	static const struct num_unit units[] = {
		{"ms", 1},       {"s", 1000}, {"m", 60 * 1000}, {"h", 3600000},
		{"d", 86400000}, {"", 1000},  {NULL, 0},
	};

	return with_unit(s, units, v);
}

int num_share(struct slice s, struct num_share *v)
{
	*v = (struct num_share){.percent = s.n > 0 && s.p[s.n - 1] == '%'};
	s.n -= v->percent;
	if (num_uint(s, &v->n) < 0 || (v->percent && v->n > 100))
		return -1;
	return 0;
}

bool num_share_over(const struct num_share *s, uint64_t part, uint64_t whole)
{
	if (!s->percent)
		return part > s->n;
	return (double)part * 100 > (double)s->n * (double)whole;
}
