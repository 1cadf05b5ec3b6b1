/* unacked.h - finds the newest unacknowledged intent of each key.
 *
 * Floor 2 (diff). The intents stay in their file, which is mapped. Only the
 * position of the newest intent of each key is stored, 11 bytes an intent: in
 * memory, or in a temporary file, which is mapped too.
 */
#ifndef DIFF_STATE_UNACKED_H
#define DIFF_STATE_UNACKED_H

#include "diff/state/pending.h"

struct unacked {
	const struct pending *p; /* borrowed */
	uint64_t *slot;          /* open addressing; 0: free */
	size_t n, size;
	bool on_disk;
};

/* Loads the unacknowledged intents of p, which was read: those that are not yet
 * in the snapshot. Both are borrowed. Uses up to `memory` bytes (0: no limit),
 * and above that a file in dir (temp_dir). ERR_CONFIG if the file has changed,
 * ERR_CREATE, ERR_IO.
 */
int unacked_load(struct unacked *w, const struct pending *p,
		 const struct snapshot *s, uint64_t memory, const char *dir,
		 struct err *e) MUST_USE;

/* All-zero is allowed. */
void unacked_clear(struct unacked *w);

/* Finds the newest intent of the key; i->older says whether the key has older
 * ones. False if it has none.
 */
bool unacked_find(const struct unacked *w, struct hash key, struct intent *i);

/* Walks over all intents in the order of the file, and prefetches what
 * unacked_newest needs: call unacked_walk, then unacked_next as pending_next.
 */
struct unacked_walk {
	struct pending_walk in;
	struct intent ahead[16];
	size_t at, n;
};
void unacked_walk(const struct pending *p, struct unacked_walk *x);
int unacked_next(const struct unacked *w, struct unacked_walk *x,
		 struct intent *i, struct err *e) MUST_USE;

/* Whether the intent, as unacked_next gives it, is the newest of its key. */
bool unacked_newest(const struct unacked *w, const struct intent *i);

/* The slot where the search for a key starts. unacked_touch prefetches it;
 * afterwards unacked_touch_intent prefetches the intent of each key of a batch.
 */
static inline size_t unacked_home(const struct unacked *w, struct hash key)
{
	return (key.lo >> 32) * w->size >> 32;
}

static ALWAYS_INLINE void unacked_touch(const struct unacked *w,
					struct hash key)
{
	if (w->size > 0)
		__builtin_prefetch(&w->slot[unacked_home(w, key)]);
}

void unacked_touch_intent(const struct unacked *w, struct hash key);

/* Bytes of memory. */
static inline size_t unacked_bytes(const struct unacked *w)
{
	return w->on_disk ? 0 : w->size * sizeof(*w->slot);
}

#endif
