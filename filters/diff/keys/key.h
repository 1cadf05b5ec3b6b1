/* key.h - the key of a row: which columns, its text, its hash.
 *
 * Floor 2 (diff). The text of a key is canonical JSON: the value of the column
 * (7, "abc"), or the array of the values of several columns ([7,"abc"]).
 * Numbers are compared by value, so 1 and 1.0 are one key; 1 and "1" are two
 * keys. An integral number has at most DECIMAL_ID digits.
 *
 * With --identity the key of the state has the columns of -k and those of
 * --identity: [7,"a@b"] for -k id --identity email. Values of the identity may
 * be null.
 */
#ifndef DIFF_KEYS_KEY_H
#define DIFF_KEYS_KEY_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/hash.h"
#include "wire/stream/input.h"

/* The longest accepted text of a key, in bytes. */
#define KEY_MAX 65536

enum {
	KEY_COLUMNS = 16,
	KEY_MISSED_MOST = 100, /* rows without a key column before giving up */
};

struct key {
	struct slice column[KEY_COLUMNS]; /* names, borrowed */
	size_t n;
	size_t own;          /* columns of -k; others: --identity */
	struct buf names;    /* storage of the names */
	struct buf columns;  /* in the form of a state: ["id"], or with
			      * --identity {"key":["id"],"identity":["email"]}
			      */
	int at[KEY_COLUMNS]; /* member of the current shape, or -1 */
	bool odd;            /* the last row has a non-canonical number: 1.0 */
	bool found[KEY_COLUMNS]; /* whether some row had the column */
	uint64_t n_missed;       /* rows without a column that no row has had */
	struct err missed;       /* the error if no row ever has it */
	uint64_t shape;
	uint64_t seed;
};

/* Reads "-k id" or "-k country,id". ERR_USAGE. */
int key_init(struct key *k, const char *list, struct err *e) MUST_USE;

/* Adds the columns of "--identity email" or "email,phone"; NULL: none.
 * ERR_USAGE.
 */
int key_identify(struct key *k, const char *list, struct err *e) MUST_USE;

static inline bool key_identifies(const struct key *k)
{
	return k->own < k->n;
}

/* Reads the columns that a state has. ERR_CONFIG. */
int key_from_json(struct key *k, struct slice columns, struct err *e) MUST_USE;

/* Reads the member of a begin line, ["id"]. ERR_DATA. */
int key_from_begin(struct key *k, struct slice array, struct err *e) MUST_USE;
void key_clear(struct key *k);

/* The columns as members of an object: "key":["id"],"identity":["email"] */
void key_show(const struct key *k, struct buf *b);

/* Call it before key_of for the first row: if the begin line lists the columns,
 * checks that the key columns are among them. -1 with ERR_CONFIG and the column
 * that may be meant.
 */
int key_require(const struct key *k, const struct input *in,
		struct err *e) MUST_USE;

/* Calls key_require for the first row only. */
MUST_USE static inline int key_first(const struct key *k,
				     const struct input *in, struct err *e)
{
	return UNLIKELY(k->shape == 0) ? key_require(k, in, e) : 0;
}

/* Adds the text of the row's key to b. Returns NULL, or why the row has no key
 * ("column 'id' is null"), valid until the next call with why.
 */
const char *key_of(struct key *k, const struct input *in, struct buf *b,
		   char why[160]);

/* Call it when key_of has found no key: -1 with ERR_CONFIG if none of the first
 * KEY_MISSED_MOST rows has some column of the key, because then no row will.
 */
int key_missed(struct key *k, const struct input *in, struct err *e) MUST_USE;

/* Call it after the last row: -1 with ERR_CONFIG if no row had some column of
 * the key.
 */
int key_found(const struct key *k, struct err *e) MUST_USE;

/* Converts the key text in b, from that offset on, to the form that leaves in
 * changes: integral numbers in plain form (decimal_id), others as the row
 * writes them. The delete of the row uses this text too.
 */
void key_leaving(const struct key *k, const struct input *in, struct buf *b,
		 size_t from);

/* Adds a key text as the value of "id" in a change: a JSON string. */
void key_id(const struct key *k, struct buf *b, struct slice text);

/* The values of the columns in a key text, borrowed from it. */
void key_values(const struct key *k, struct slice text,
		struct slice v[KEY_COLUMNS]);

/* Adds a key text as members of a row: "country":"de","id":7 */
void key_members(const struct key *k, struct buf *b, struct slice text);

/* Adds the -k part of a key text, as the text of such a key, in canonical form.
 */
void key_own(const struct key *k, struct buf *b, struct slice text);

/* Adds the --identity part of a key text, in canonical form and without types:
 * 7 is "7", as for most destinations. False if all values are null: the row has
 * no identity.
 */
bool key_identity(const struct key *k, struct buf *b, struct slice text);

#endif
