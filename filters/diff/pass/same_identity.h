/* same_identity.h - the keys of a state that have an identity: runs with
 * --identity.
 *
 * Floor 2 (diff). An index of the snapshot and of what is unacknowledged, built
 * when it is first asked: 8 to 11 bytes a key and intent, in memory or, past a
 * share of --memory, in a temporary file, which is mapped.
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

/* What it is built of, all borrowed. */
struct same_identity_of {
	struct identity *identity;
	const struct snapshot *old;
	struct state *known; /* NULL for two files */
	uint64_t memory;     /* bytes, 0: no bound */
	const char *dir;     /* of the temporary file (temp_dir) */
};

/* All-zero is allowed. */
void same_identity_clear(struct same_identity *x);

/* Build it unless it is. O(n) ERR_CREATE, ERR_IO, ERR_CONFIG as state_next. */
int same_identity_build(struct same_identity *x,
			const struct same_identity_of *of,
			struct err *e) MUST_USE;

/* The keys with the identity of a key text, one call for each: true with *key
 * set; that of the text itself is among them, and one may be given twice. Start
 * with an all-zero walk.
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
