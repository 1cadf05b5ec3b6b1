/* value_parts.h - digits in pairs, for the files that write values.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_VALUE_PARTS_H
#define QUERY_VALUE_PARTS_H

#include <stddef.h>

/* The two digits of 0 to 99, one behind the other. */
static const char value_parts_pairs[] =
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899";

static inline char *value_parts_two(char *to, unsigned v)
{
	const char *two = value_parts_pairs + 2 * (size_t)v;

	to[0] = two[0]; /* a checked memcpy would be a call */
	to[1] = two[1];
	return to + 2;
}

#endif
