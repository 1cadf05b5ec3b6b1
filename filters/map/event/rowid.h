/* rowid.h - recordId and messageId of rows that are not changes.
 *
 * Floor 2 (map). The record id is the row's number in the stream. The message
 * id is a UUID version 8 (RFC 9562, 5.8) of a 128-bit hash of that number, the
 * row's text and the model. The fingerprint of the mapping is mixed into its
 * last digits, as in the message id of a change (control_message_id). So the
 * same input gives the same ids in every run, and a row with a different text
 * has a different id. The hash is fast, not cryptographic: somebody can
 * construct two texts with the same hash.
 */
#ifndef MAP_EVENT_ROWID_H
#define MAP_EVENT_ROWID_H

#include <endian.h>

#include "core/slice.h"

/* All-zero before the first row. */
struct rowid {
	uint64_t
		model; /* identifies the rows' model, or 0; set by the caller */
	uint64_t number;
	uint64_t uuid[2];
	size_t record_n;
	char record[32]; /* number as a JSON string; readers copy 32 bytes */
};

/* Sets the ids of the row with this number and text. */
void rowid_set(struct rowid *id, uint64_t number, struct slice text);

/* Mixes the fingerprint of the mapping into the message id. Call it once for a
 * row.
 */
static ALWAYS_INLINE void rowid_mix(struct rowid *id, uint32_t mix)
{
	id->uuid[1] ^= mix;
}

/* Writes the message id as 32 digits without dashes. */
void rowid_hex(char to[32], const struct rowid *id);

typedef unsigned char rowid_bytes __attribute__((vector_size(16)));
typedef signed char rowid_signed __attribute__((vector_size(16)));
typedef uint64_t rowid_halves __attribute__((vector_size(16)));

/* The hexadecimal digits of 16 nibbles. */
static ALWAYS_INLINE rowid_bytes rowid_digits(rowid_bytes nibble)
{
	rowid_bytes letter = (rowid_bytes)((rowid_signed)nibble > 9);

	return nibble + '0' + (letter & ('a' - '0' - 10));
}

/* Writes the message id, 36 characters; writes 40 bytes in all. */
static ALWAYS_INLINE void rowid_message(char to[40], const struct rowid *id)
{
	const rowid_halves big = {htobe64(id->uuid[0]), htobe64(id->uuid[1])};
	rowid_bytes v = (rowid_bytes)big, high, low, a, b;

	high = v >> 4;
	low = v & 15;
	a = rowid_digits(__builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18,
						 3, 19, 4, 20, 5, 21, 6, 22, 7,
						 23));
	b = rowid_digits(__builtin_shufflevector(high, low, 8, 24, 9, 25, 10,
						 26, 11, 27, 12, 28, 13, 29, 14,
						 30, 15, 31));
	/* each copy is longer than its part of the UUID; the next copy
	 * overwrites the excess
	 */
	memcpy(to, &a, 16);
	to[8] = '-';
	a = __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2,
				    3, 4, 5, 6, 7);
	memcpy(to + 9, &a, 8);
	a = __builtin_shufflevector(a, a, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
				    15, 0, 1, 2, 3);
	to[13] = '-';
	memcpy(to + 14, &a, 4);
	to[18] = '-';
	memcpy(to + 19, &b, 16);
	to[23] = '-';
	b = __builtin_shufflevector(b, b, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
				    15, 0, 1, 2, 3);
	memcpy(to + 24, &b, 16);
}

static inline struct slice rowid_record(const struct rowid *id)
{
	return slice_of(id->record, id->record_n);
}

#endif
