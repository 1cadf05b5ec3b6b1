/* same_identity.h - the keys of a state that have an identity: runs with
 * --identity.
 *
 * Floor 2 (diff). An index of the snapshot and of the unacknowledged changes,
 * built when it is first needed: 8 to 11 bytes for each key and intent, in
 * memory or, above a share of --memory, in a mapped temporary file.
 */
#ifndef DIFF_PASS_SAME_IDENTITY_H
#define DIFF_PASS_SAME_IDENTITY_H

#include "diff/pass/identity.h"
#include "diff/state/state.h"

struct same_identity {
	uint64_t *slot; /* open addressing; 0: free; NULL: not built */
	size_t size;
	bool on_disk;
};

/* What it is built from, all borrowed. */
struct same_identity_of {
	struct identity *identity;
	const struct snapshot *old;
	struct state *known; /* or NULL for two files */
	uint64_t memory;     /* limit in bytes, 0: none */
	const char *dir;     /* for the temporary file (temp_dir) */
};

/* All-zero is allowed. */
void same_identity_clear(struct same_identity *x);

/* Builds it unless it is already built. O(n). ERR_CREATE, ERR_IO, ERR_CONFIG as
 * state_next.
 */
int same_identity_build(struct same_identity *x,
			const struct same_identity_of *of,
			struct err *e) MUST_USE;

/* Walks over the keys with the same identity as a key text: true with *key set.
 * The key of the text is among them, and a key may come twice. Start with an
 * all-zero walk.
 */
struct same_identity_walk {
	bool started;
	size_t at;
	struct hash identity;
};
bool same_identity_next(const struct same_identity *x,
			const struct same_identity_of *of,
			struct same_identity_walk *w, struct slice text,
			struct hash *key);

#endif
