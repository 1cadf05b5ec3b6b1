/* unacked.h - finds the newest unacknowledged intent of each key.
 *
 * Floor 2 (diff). The intents stay in their file, which is mapped; of each key
 * that has any only the place of the newest is noted, 11 bytes an intent: in
 * memory, or in a temporary file, which is mapped as well.
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

/* All unacknowledged intents of p, which was read: those that the snapshot does
 * not have. Both are borrowed. In memory up to this number of bytes (0: no
 * limit), above that in a file in dir (temp_dir). ERR_CONFIG when the
 * file has changed, ERR_CREATE, ERR_IO.
 */
int unacked_load(struct unacked *w, const struct pending *p,
		 const struct snapshot *s, uint64_t memory, const char *dir,
		 struct err *e) MUST_USE;

/* All-zero is allowed. */
void unacked_clear(struct unacked *w);

/* The newest intent of the key goes to *i; i->older says whether older ones of
 * it wait as well. False when it has none.
 */
bool unacked_find(const struct unacked *w, struct hash key, struct intent *i);

/* All intents in the order in which they were written, with what the others
 * need of each fetched ahead: after unacked_walk as pending_next.
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

/* Where the search for a key starts; fetch what it will need, and then, of all
 * keys of a batch, what it will find.
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
