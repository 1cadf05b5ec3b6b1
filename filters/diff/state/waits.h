/* waits.h - the newest intent without an answer of each key.
 *
 * Floor 2 (diff). The intents stay in their file, which is mapped; of each key
 * that has any only the place of the newest is noted, 11 bytes an intent: in
 * memory, or in a temporary file, which is mapped as well.
 */
#ifndef DIFF_STATE_WAITS_H
#define DIFF_STATE_WAITS_H

#include "diff/state/pending.h"

struct waits {
	const struct pending *p; /* borrowed */
	uint64_t *slot;          /* open addressing; 0: free */
	size_t n, size;
	bool on_disk;
};

/* All that wait: intents of p, which was read, that are not answered by the
 * snapshot. Both are borrowed. In memory, if that takes no more than so many
 * bytes (0: no bound), else in a file in dir (spool_dir). ERR_CONFIG when the
 * file has changed, ERR_CREATE, ERR_IO.
 */
int waits_load(struct waits *w, const struct pending *p,
	       const struct snapshot *s, uint64_t memory, const char *dir,
	       struct err *e) MUST_USE;

/* All-zero is allowed. */
void waits_clear(struct waits *w);

/* The newest intent of the key goes to *i; i->older says whether older ones of
 * it wait as well. False when it has none.
 */
bool waits_find(const struct waits *w, struct hash key, struct intent *i);

/* All intents in the order in which they were written, with what the others
 * need of each fetched ahead: after waits_walk as pending_next.
 */
struct waits_walk {
	struct pending_walk in;
	struct intent ahead[16];
	size_t at, n;
};
void waits_walk(const struct pending *p, struct waits_walk *x);
int waits_next(const struct waits *w, struct waits_walk *x, struct intent *i,
	       struct err *e) MUST_USE;

/* Whether the intent, as waits_next gives it, is the newest of its key. */
bool waits_newest(const struct waits *w, const struct intent *i);

/* Where the search for a key starts; fetch what it will need, and then, of all
 * keys of a batch, what it will find.
 */
static inline size_t waits_home(const struct waits *w, struct hash key)
{
	return (key.lo >> 32) * w->size >> 32;
}

static inline void waits_touch(const struct waits *w, struct hash key)
{
	if (w->size > 0)
		__builtin_prefetch(&w->slot[waits_home(w, key)]);
}

void waits_touch_intent(const struct waits *w, struct hash key);

/* Bytes of memory. */
static inline size_t waits_bytes(const struct waits *w)
{
	return w->on_disk ? 0 : w->size * sizeof(*w->slot);
}

#endif
