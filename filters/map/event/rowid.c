#include "map/event/rowid.h"

#include "core/wide.h"

enum { STEP = 64 };

/* Odd constants with about as many ones as zeros (digits of pi). */
static const uint64_t salt[] = {
	0x243f6a8885a308d3, 0x13198a2e03707345, 0xa4093822299f31d1,
	0x082efa98ec4e6c89, 0x452821e638d01377, 0xbe5466cf34e90c6d,
	0xc0ac29b7c97c50dd, 0x3f84d5b5b5470917,
};

/* Multiplies to 128 bits and combines both halves by exclusive or. */
static ALWAYS_INLINE uint64_t fold(uint64_t a, uint64_t b)
{
	wide v = (wide)a * b;

	return (uint64_t)v ^ (uint64_t)(v >> 64);
}

static ALWAYS_INLINE uint64_t word(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

/* Four independent lanes, which the CPU computes in parallel. Not an array,
 * which the compiler would keep in memory.
 */
struct lanes {
	uint64_t a, b, c, d;
};

static ALWAYS_INLINE uint64_t mix(uint64_t lane, const char *p, size_t i)
{
	return fold(word(p + 16 * i) ^ salt[i], word(p + 16 * i + 8) ^ lane);
}

static ALWAYS_INLINE struct lanes hash_step(struct lanes x, const char *p)
{
	return (struct lanes){
		.a = mix(x.a, p, 0),
		.b = mix(x.b, p, 1),
		.c = mix(x.c, p, 2),
		.d = mix(x.d, p, 3),
	};
}

static void hash(struct slice text, uint64_t number, uint64_t model,
		 uint64_t out[2])
{
	struct lanes x = {salt[7] ^ model, salt[6], salt[5], salt[4]};
	const char *p = text.p, *last = text.p + text.n - 2 * STEP;
	char tail[2 * STEP];

	if (UNLIKELY(text.n < 2 * STEP)) {
		memset(tail, 0, sizeof(tail));
		memcpy(tail, text.p, text.n);
		p = last = tail;
	}
	/* two steps at a time: rows have similar lengths, and the CPU predicts
	 * a loop of fewer turns better
	 */
	for (; p < last; p += 2 * STEP)
		x = hash_step(hash_step(x, p), p + STEP);
	/* the last two steps, which may hash some bytes a second time */
	x = hash_step(hash_step(x, last), last + STEP);
	x.a = fold(x.a ^ number, x.b ^ salt[4]);
	x.c = fold(x.c ^ text.n, x.d ^ salt[5]);
	out[0] = fold(x.a ^ salt[6], x.c ^ salt[7]) ^ x.c;
	out[1] = fold(x.c ^ out[0], salt[2] ^ number);
}

/* Increments the record id in place, because nearly every row follows the last.
 * Returns false if it needs one more digit.
 */
static bool next_number(struct rowid *id)
{
	char *p = id->record + id->record_n - 2; /* before the quote */

	while (*p == '9')
		*p-- = '0';
	if (*p == '"')
		return false;
	++*p;
	return true;
}

static void set_number(struct rowid *id, uint64_t v)
{
	char digits[20];
	size_t n = 0, at = 0;

	do {
		digits[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	id->record[at++] = '"';
	while (n > 0)
		id->record[at++] = digits[--n];
	id->record[at++] = '"';
	id->record_n = at;
}

void rowid_set(struct rowid *id, uint64_t number, struct slice text)
{
	if (id->record_n == 0 || number != id->number + 1 || !next_number(id))
		set_number(id, number);
	id->number = number;
	hash(text, number, id->model, id->uuid);
	/* version 8, variant 2 */
	id->uuid[0] = (id->uuid[0] & ~UINT64_C(0xf000)) | 0x8000;
	id->uuid[1] = (id->uuid[1] & ~(UINT64_C(3) << 62)) | UINT64_C(1) << 63;
}

void rowid_hex(char to[32], const struct rowid *id)
{
	char text[40];

	rowid_message(text, id);
	memcpy(to, text, 8);
	memcpy(to + 8, text + 9, 4);
	memcpy(to + 12, text + 14, 4);
	memcpy(to + 16, text + 19, 4);
	memcpy(to + 20, text + 24, 12);
}
