/* num.h - numbers from text, whole and range checked, and a few ways back.
 *
 * Floor 0. The whole slice must be the number; 0 or -1 with no error set,
 * since the caller knows what the text was meant to be.
 */
#ifndef CORE_NUM_H
#define CORE_NUM_H

#include "core/slice.h"

/* Decimal digits only, no sign, up to 2^64 - 1. */
int num_uint(struct slice s, uint64_t *v) MUST_USE;

/* The same followed by a unit: K or k, M, G (powers of 1024). "64K" is 65536;
 * "2m" is not a size but two minutes.
 */
int num_size(struct slice s, uint64_t *v) MUST_USE;

/* Reads 16 lower-case hexadecimal digits, 8 bytes at a time, because hundreds
 * of millions of change ids are read.
 */
int num_hex(const char digits[16], uint64_t *v) MUST_USE;

/* The same for digits that were copied into two words, the first eight first.
 */
int num_hex_words(uint64_t first, uint64_t next, uint64_t *v) MUST_USE;

/* Writes the 16 digits. */
void num_to_hex(uint64_t v, char digits[16]);

/* Writes 8 valid digits, whose value was XORed with mix. */
void num_hex_xor(char to[8], const char digits[8], uint32_t mix);

/* Writes the two digits of 0 to 99; returns the end of them. */
static inline char *num_two(char *to, unsigned v)
{
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324"
		"25262728293031323334353637383940414243444546474849"
		"50515253545556575859606162636465666768697071727374"
		"75767778798081828384858687888990919293949596979899";
	const char *two = pairs + 2 * (size_t)v;

	to[0] = two[0]; /* a checked memcpy would be a call */
	to[1] = two[1];
	return to + 2;
}

/* A duration in milliseconds: "250ms", "5s", "2m", "1h", "30d"; a bare number
 * is in seconds.
 */
int num_msec(struct slice s, uint64_t *v) MUST_USE;

/* A number, or a percentage. */
struct num_share {
	uint64_t n;
	bool percent; /* n is at most 100 */
};

/* "20", "5%". */
int num_share(struct slice s, struct num_share *v) MUST_USE;

/* Whether a part of a whole exceeds the share. */
bool num_share_over(const struct num_share *s, uint64_t part, uint64_t whole);

#endif
