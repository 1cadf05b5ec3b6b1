/* wide.h - integers of 128 bits, for exact arithmetic with decimals.
 *
 * Floor 0.
 */
#ifndef CORE_WIDE_H
#define CORE_WIDE_H

__extension__ typedef unsigned __int128 wide;

/* 10^n, for n up to 38. */
static inline wide wide_ten(unsigned n)
{
	static const uint64_t ten[] = {
		UINT64_C(1),
		UINT64_C(10),
		UINT64_C(100),
		UINT64_C(1000),
		UINT64_C(10000),
		UINT64_C(100000),
		UINT64_C(1000000),
		UINT64_C(10000000),
		UINT64_C(100000000),
		UINT64_C(1000000000),
		UINT64_C(10000000000),
		UINT64_C(100000000000),
		UINT64_C(1000000000000),
		UINT64_C(10000000000000),
		UINT64_C(100000000000000),
		UINT64_C(1000000000000000),
		UINT64_C(10000000000000000),
		UINT64_C(100000000000000000),
		UINT64_C(1000000000000000000),
		UINT64_C(10000000000000000000),
	};

	return n < COUNT_OF(ten) ? ten[n] : (wide)ten[19] * ten[n - 19];
}

/* The number of bits without leading zeros; v is not 0. */
static inline int wide_bits(wide v)
{
	uint64_t high = (uint64_t)(v >> 64);

	return high > 0 ? 128 - __builtin_clzll(high)
			: 64 - __builtin_clzll((uint64_t)v);
}

#endif
