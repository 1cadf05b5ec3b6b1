/* row_hash.h - the two hashes of a row in a state: of its values and of its
 * bytes.
 *
 * Floor 2 (diff). 16 bytes. The content is one half of the hash of what the row
 * says (wire/json/hash.h), in whatever order and with whatever white space it
 * does. The line is a hash of the very bytes of the line in which it came when
 * it was delivered. Rows are compared by their content; one whose line is the
 * same needs no reading for that.
 *
 * Both are made under the secret seed of the state and its tag (tag.h), the
 * line also under the lists of columns that count (columns.h): the same line is
 * the same content. Two rows that differ pass for the same with a chance of
 * 2^-64 for each row compared, and nobody who does not know the seed can make
 * it more: of a billion rows a day one in fifty million years.
 */
#ifndef DIFF_STATE_ROW_HASH_H
#define DIFF_STATE_ROW_HASH_H

#include "wire/json/hash.h"

struct row_hash {
	uint64_t content; /* 0: what the row says is not known */
	uint64_t line;    /* 0: how it came is not known */
};

/* How marks are made. */
struct row_hash_how {
	struct hash_seed line; /* that of the state, or a secret one */
	uint64_t mixed; /* into lines: the tag, and the columns that count */
	uint64_t veil;  /* 0; for two files, whose rows are hashed with a seed
			 * that all know, a secret one over that */
};

static inline uint64_t row_hash_line(const struct row_hash_how *how,
				     struct slice line)
{
	return hash_half_of(line.p, line.n, &how->line) ^ how->mixed;
}

static inline uint64_t row_hash_content(const struct row_hash_how *how,
					struct hash row)
{
	return how->veil ? hash_half(&row, sizeof(row), how->veil) : row.hi;
}

/* The hash of a row with its tag: none is zero, which stands for a row that is
 * not known, though none of its columns may count.
 */
static inline struct hash row_hash_row(struct hash row)
{
	row.hi += row.hi == 0;
	return row;
}

/* Whether what the destination holds of the row is known. */
static inline bool row_hash_known(struct row_hash m)
{
	return m.content != 0;
}

#endif
