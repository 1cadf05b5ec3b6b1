/* identity.h - who holds an identity: runs with --identity.
 *
 * Floor 2 (diff). An identity is what the destination knows a row by, such as
 * the member of an audience. It is a part of the state's key (key.h): a row
 * that gets a different one is a missing key and a new key, and everything said
 * about keys holds for both. In addition:
 *
 *   - A row comes once, whatever its identity: the second is refused.
 *   - A row of which all identity columns are null is nobody at the
 *     destination: it is left out.
 *   - Several keys may have one identity. What deletes one of them would
 *     delete the identity of all, so it leaves only with the last of them.
 *
 * So a missing key must not be dropped before another key with its identity is
 * known to be delivered: the state would forget an identity that the
 * destination has. Nor may it count as delivered as it was, because the
 * destination has the values of the other row.
 *
 * Memory: 20 to 30 bytes a row for those that came, as much for each identity
 * of a new key, both on disk past their share of --memory (new_keys.h); 27 to
 * 54 bytes for each missing key.
 */
#ifndef DIFF_PASS_IDENTITY_H
#define DIFF_PASS_IDENTITY_H

#include "diff/keys/key.h"
#include "diff/keys/key_set.h"
#include "diff/keys/new_keys.h"
#include "diff/state/snapshot.h"

/* Where the identity of a missing key is besides. */
enum identity_place {
	IDENTITY_DELIVERED, /* in a row that came, which was delivered before */
	IDENTITY_CAME,      /* in a row that came, which is new */
	IDENTITY_WAITS,     /* in another missing key, which stays so far */
	IDENTITY_NOWHERE
};

struct identity {
	const struct key *key; /* NULL: no --identity, and nothing is used */
	uint64_t seed;
	struct new_keys rows; /* of -k, that came */
	bool decided;         /* which of them came twice */
	struct new_keys
		new_keys;    /* identities of keys that the snapshot lacks */
	struct key_set gone; /* identities of missing keys: who has them */
	uint64_t nobody;     /* rows without one */
	bool again; /* that of the last identity_is may be one of new_keys */
	struct buf scratch;
};

/* For the rows of a run; rows and fresh in about so much memory each (0: no
 * bound), then in temporary files in dir. key and dir are borrowed.
 */
void identity_init(struct identity *d, const struct key *key, uint64_t seed,
		   size_t memory, const char *dir);

/* All-zero is allowed. */
void identity_clear(struct identity *d);

/* What stands for the -k of a key text. */
struct hash identity_row(struct identity *d, struct slice text);

/* What stands for its identity; *is: whether it has one. */
struct hash identity_hash(struct identity *d, struct slice text, bool *is);

/* A key text came: whether its -k comes for the first time. Where it MAYBE did
 * before, ask again when its part of d->rows is settled.
 */
int identity_first(struct identity *d, struct slice text,
		   enum new_keys_answer *first, struct err *e) MUST_USE;

/* All rows are looked at: each that still comes is the first of its -k. */
void identity_decided(struct identity *d);

/* Whether the text has an identity; with new, the snapshot does not have its
 * key.
 */
int identity_is(struct identity *d, struct slice text, bool new, bool *is,
		struct err *e) MUST_USE;

/* Whether a row of this -k came, by its text (key.h). */
bool identity_came(struct identity *d, struct slice own);

/* All rows came: ERR_IO. */
int identity_close(struct identity *d, struct err *e) MUST_USE;

/* At the end of the rows: a missing key, each once. Then identity_seen
 * for each key of the snapshot that came, and identity_place may be asked.
 */
void identity_gone(struct identity *d, struct slice text);
void identity_seen(struct identity *d, struct slice text);

/* A missing key whose identity arrived with no row: whether it leaves in this
 * run or stays. Call it for each before any leaves. Returns how many more
 * identities leave with it: -1, 0, 1.
 */
int identity_leaves(struct identity *d, struct slice text, bool leaves);

/* Where its identity is besides. */
enum identity_place identity_place(struct identity *d, struct slice text);

/* It has left, with a delete or without. */
void identity_left(struct identity *d, struct slice text);

#endif
