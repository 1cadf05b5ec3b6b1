/* rowid.h - recordId and messageId of rows that are no changes.
 *
 * Floor 2 (map). The record id is the row's number in the stream; the message
 * id a UUID version 8 (RFC 9562, 5.8) of a 128-bit hash of that number and the
 * row's text: the same input gives the same ids, and a row whose text is
 * another has another one. The hash is made for speed, not against somebody
 * who wants two texts to have the same.
 */
#ifndef MAP_ROWID_H
#define MAP_ROWID_H

#include <endian.h>

#include "core/slice.h"

/* All-zero before the first row. */
struct rowid {
	uint64_t number;
	uint64_t uuid[2];
	size_t record_n;
	char record[32]; /* JSON string of number; 32 bytes may be read */
};

/* The ids of a row. */
void rowid_set(struct rowid *id, uint64_t number, struct slice text);

/* The message id without its dashes. */
void rowid_hex(char to[32], const struct rowid *id);

/* Four bytes, the first one highest, as eight digits, the first one lowest. */
static ALWAYS_INLINE uint64_t rowid_digits(uint64_t four)
{
	uint64_t v = four, letter;

	v = (v << 16 | v) & 0x0000ffff0000ffff;
	v = (v << 8 | v) & 0x00ff00ff00ff00ff;
	v = (v << 4 | v) & 0x0f0f0f0f0f0f0f0f;
	letter = ((v + 0x0606060606060606) >> 4) & 0x0101010101010101;
	return htole64(
		htobe64(v + 0x3030303030303030 + letter * ('a' - '0' - 10)));
}

static ALWAYS_INLINE void rowid_put8(char *to, uint64_t digits)
{
	uint64_t v = htole64(digits);

	memcpy(to, &v, sizeof(v));
}

static ALWAYS_INLINE void rowid_put4(char *to, uint64_t digits)
{
	uint32_t v = htole32((uint32_t)digits);

	memcpy(to, &v, sizeof(v));
}

/* The message id, straight from registers: what is read again too soon after
 * it was written in pieces makes the processor wait.
 */
static ALWAYS_INLINE void rowid_message(char to[36], const struct rowid *id)
{
	uint64_t a = rowid_digits(id->uuid[0] >> 32);
	uint64_t b = rowid_digits(id->uuid[0] & UINT32_MAX);
	uint64_t c = rowid_digits(id->uuid[1] >> 32);
	uint64_t d = rowid_digits(id->uuid[1] & UINT32_MAX);

	rowid_put8(to, a);
	to[8] = '-';
	rowid_put4(to + 9, b);
	to[13] = '-';
	rowid_put4(to + 14, b >> 32);
	to[18] = '-';
	rowid_put4(to + 19, c);
	to[23] = '-';
	rowid_put4(to + 24, c >> 32);
	rowid_put8(to + 28, d);
}

static inline struct slice rowid_record(const struct rowid *id)
{
	return slice_of(id->record, id->record_n);
}

#endif
