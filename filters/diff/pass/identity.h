/* identity.h - who holds an identity: runs with --identity.
 *
 * Floor 2 (diff). An identity is what the destination knows a row by, such as
 * the email of a member of an audience. It is a part of the state's key
 * (key.h): a row that gets a new identity is a missing key and a new key, and
 * all rules about keys hold for both. In addition:
 *
 *     - A row may come only once, whatever its identity: a duplicate is
 *       rejected.
 *     - A row whose identity columns are all null does not exist at the
 *       destination: it is left out.
 *     - Several keys may have one identity. The delete of one of them would
 *       delete the identity of all, so it leaves only with the last of them.
 *
 * So a missing key must not be dropped before another key with its identity is
 * known to be delivered: the state would forget an identity that the
 * destination has. Nor may the missing key count as delivered, because the
 * destination now has the values of the other row.
 *
 * Memory: 20 to 30 bytes for each row that arrived, the same for each identity
 * of a new key, both on disk above their share of --memory (new_keys.h); 27 to
 * 54 bytes for each missing key.
 */
#ifndef DIFF_PASS_IDENTITY_H
#define DIFF_PASS_IDENTITY_H

#include "diff/keys/key.h"
#include "diff/keys/key_set.h"
#include "diff/keys/new_keys.h"
#include "diff/state/snapshot.h"

/* Who else has the identity of a missing key. */
enum identity_place {
	IDENTITY_DELIVERED, /* a row that arrived and was delivered before */
	IDENTITY_CAME,      /* a row that arrived and is new */
	IDENTITY_WAITS,     /* a missing key that is still there */
	IDENTITY_NOWHERE
};

struct identity {
	const struct key *key; /* NULL: no --identity, and nothing is used */
	uint64_t seed;
	struct new_keys rows;     /* hashes of the -k of rows that arrived */
	bool decided;             /* duplicates in rows are known */
	struct new_keys new_keys; /* identities of missing keys, with counts */
	struct key_set gone;      /* identities of missing keys, with flags and
				   * counts */
	uint64_t nobody;          /* rows without an identity */
	bool again; /* the identity checked last may also be in new_keys */
	struct buf scratch;
};

/* Prepares the sets for the rows of a run. rows and new_keys each use about
 * `memory` bytes (0: no limit), then temporary files in dir. key and dir are
 * borrowed.
 */
void identity_init(struct identity *d, const struct key *key, uint64_t seed,
		   size_t memory, const char *dir);

/* All-zero is allowed. */
void identity_clear(struct identity *d);

/* The hash of the -k part of a key text. */
struct hash identity_row(struct identity *d, struct slice text);

/* The hash of its identity; *is: whether it has one. */
struct hash identity_hash(struct identity *d, struct slice text, bool *is);

/* Adds a key text that arrived; *first: whether its -k is new. If it is MAYBE,
 * ask again after that part of d->rows was settled.
 */
int identity_first(struct identity *d, struct slice text,
		   enum new_keys_answer *first, struct err *e) MUST_USE;

/* All rows were checked: every row that still comes is the first of its -k. */
void identity_decided(struct identity *d);

/* *is: whether the text has an identity. new: the snapshot does not have its
 * key, so the identity is remembered.
 */
int identity_is(struct identity *d, struct slice text, bool new, bool *is,
		struct err *e) MUST_USE;

/* Whether a row with this -k arrived; own is its text (key.h). */
bool identity_came(struct identity *d, struct slice own);

/* Call it when all rows have arrived: ERR_IO. */
int identity_close(struct identity *d, struct err *e) MUST_USE;

/* After the rows: call identity_gone once for each missing key, then
 * identity_seen for each key of the snapshot that arrived. Then identity_place
 * may be called.
 */
void identity_gone(struct identity *d, struct slice text);
void identity_seen(struct identity *d, struct slice text);

/* Reports whether a missing key, whose identity no arrived row has, leaves in
 * this run or stays. Call it for each such key before any leaves. Returns the
 * change in the number of identities that leave: -1, 0, 1.
 */
int identity_leaves(struct identity *d, struct slice text, bool leaves);

/* Who else has the identity of a missing key. */
enum identity_place identity_place(struct identity *d, struct slice text);

/* The key has left, with or without a delete. */
void identity_left(struct identity *d, struct slice text);

#endif
