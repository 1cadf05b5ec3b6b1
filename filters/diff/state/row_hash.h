/* row_hash.h - the two hashes of a row in a state: of its values and of its
 * bytes.
 *
 * Floor 2 (diff). 16 bytes. The content is one half of the hash of the values
 * of the row (wire/json/hash.h), independent of their order and of white space.
 * The line is a hash of the exact bytes of the line that was delivered. Rows
 * are compared by their content; a row whose line hash is equal need not be
 * parsed for that.
 *
 * Both are made with the secret seed of the state and its tag (tag.h), and the
 * line hash also with the lists of compared columns (columns.h), so equal lines
 * have equal content. Two different rows have equal hashes with a probability
 * of 2^-64 for each row compared, and nobody who does not know the seed can
 * raise it: with a billion rows a day that is once in fifty million years.
 */
#ifndef DIFF_STATE_ROW_HASH_H
#define DIFF_STATE_ROW_HASH_H

#include "wire/json/hash.h"

struct row_hash {
	uint64_t content; /* 0: the row is unknown */
	uint64_t line;    /* 0: the line is unknown */
};

/* How the two hashes are made. */
struct row_hash_how {
	struct hash_seed line; /* that of the state, or a secret one */
	uint64_t mixed; /* into line hashes: the tag, the compared columns */
	uint64_t veil;  /* two files only: a secret seed for rows; else 0 */
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

/* A row hash that is never zero, because zero stands for a row that is not
 * known. It would be zero if no column is compared.
 */
static inline struct hash row_hash_row(struct hash row)
{
	row.hi += row.hi == 0;
	return row;
}

/* Whether the state knows the row that the destination holds. */
static inline bool row_hash_known(struct row_hash m)
{
	return m.content != 0;
}

#endif
