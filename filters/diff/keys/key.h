/* key.h - the key of a row: which columns, its text, its hash.
 *
 * Floor 2 (diff). The text of a key is canonical JSON: of one column its value
 * (7, "abc"), of several the array of the values ([7,"abc"]). Numbers count
 * by value, so 1 and 1.0 are one key; 1 and "1" are two. An integral number has
 * at most DECIMAL_ID digits.
 *
 * With --identity the key of the state is that of the row and what identifies
 * it at the destination: [7,"a@b"] of -k id --identity email. There a part may
 * be null.
 */
#ifndef DIFF_KEYS_KEY_H
#define DIFF_KEYS_KEY_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/hash.h"
#include "wire/stream/input.h"

/* Longest text of a key taken, in bytes. */
#define KEY_MAX 65536

enum {
	KEY_COLUMNS = 16,
	KEY_MISSED_MOST = 100, /* rows at the start without a column of it */
};

struct key {
	struct slice column[KEY_COLUMNS]; /* names, borrowed */
	size_t n;
	size_t own;          /* the first of them, of -k; others: --identity */
	struct buf names;    /* where they live */
	struct buf columns;  /* as a state has them: ["id"], or with --identity
			      * {"key":["id"],"identity":["email"]} */
	int at[KEY_COLUMNS]; /* member of the present shape, -1: not there */
	bool odd; /* the last row has a number that is not canonical: 1.0, 1e30
		   */
	bool found[KEY_COLUMNS]; /* a row had it */
	uint64_t n_missed;       /* rows without a column that none had yet */
	struct err missed;       /* what that means where no row ever has it */
	uint64_t shape;
	uint64_t seed;
};

/* From "-k id" or "-k country,id". ERR_USAGE. */
int key_init(struct key *k, const char *list, struct err *e) MUST_USE;

/* More columns, from "--identity email" or "email,phone"; NULL: none.
 * ERR_USAGE.
 */
int key_identify(struct key *k, const char *list, struct err *e) MUST_USE;

static inline bool key_identifies(const struct key *k)
{
	return k->own < k->n;
}

/* From the columns that a state keeps. ERR_CONFIG. */
int key_from_json(struct key *k, struct slice columns, struct err *e) MUST_USE;

/* From the member of a begin line, ["id"]. ERR_DATA. */
int key_from_begin(struct key *k, struct slice array, struct err *e) MUST_USE;
void key_clear(struct key *k);

/* The columns as members of an object: "key":["id"],"identity":["email"] */
void key_show(const struct key *k, struct buf *b);

/* Before key_of, for the first row, where the begin line lists the columns:
 * whether it has those of the key, else -1 with ERR_CONFIG and the one that may
 * be meant.
 */
int key_require(const struct key *k, const struct input *in,
		struct err *e) MUST_USE;

/* key_require where the row is the first. */
MUST_USE static inline int key_first(const struct key *k,
				     const struct input *in, struct err *e)
{
	return UNLIKELY(k->shape == 0) ? key_require(k, in, e) : 0;
}

/* The text of the row's key at the end of b. NULL, or why the row has none
 * ("column 'id' is null"), which lives until the next call with why.
 */
const char *key_of(struct key *k, const struct input *in, struct buf *b,
		   char why[160]);

/* After key_of has found no key: -1 with ERR_CONFIG where that is so for each
 * of the first KEY_MISSED_MOST rows, for the same want of a column: then none
 * has it.
 */
int key_missed(struct key *k, const struct input *in, struct err *e) MUST_USE;

/* After the last row: -1 with ERR_CONFIG where no row had a column of the key.
 */
int key_found(const struct key *k, struct err *e) MUST_USE;

/* The text of the row's key, at the end of b from there on, as it leaves in
 * changes: integral numbers in plain form (decimal_id), others as the row
 * writes them. The delete of the row has this text too.
 */
void key_leaving(const struct key *k, const struct input *in, struct buf *b,
		 size_t from);

/* Key text as the value of "id" in a change: a JSON string. */
void key_id(const struct key *k, struct buf *b, struct slice text);

/* The value of each column in a key text, borrowed from it. */
void key_values(const struct key *k, struct slice text,
		struct slice v[KEY_COLUMNS]);

/* Key text as members of a row: "country":"de","id":7 */
void key_members(const struct key *k, struct buf *b, struct slice text);

/* The part of a key text that is of -k, as the text of such a key, by value. */
void key_own(const struct key *k, struct buf *b, struct slice text);

/* The columns of --identity, by value and whatever their types: 7 is "7", as
 * for most destinations. False if all are null: the row has no identity.
 */
bool key_identity(const struct key *k, struct buf *b, struct slice text);

#endif
