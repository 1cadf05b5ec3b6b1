/* new_keys.h - the keys of a run that the snapshot does not have.
 *
 * Floor 2 (diff). A duplicate key in a run is rejected, so all new keys are
 * remembered: 20 to 30 bytes a key, in one table.
 *
 * When the memory is exceeded, the set goes to disk, 16 bytes a key, in
 * NEW_KEYS_PARTS parts by the top bits of the key. A bit filter stays in
 * memory. A key that the filter does not have is certainly new, which is
 * answered at once; for the others (duplicates and a few in a hundred more) the
 * answer is MAYBE. They are decided at the end, part by part.
 */
#ifndef DIFF_KEYS_NEW_KEYS_H
#define DIFF_KEYS_NEW_KEYS_H

#include "core/file_map.h"
#include "diff/keys/spool.h"
#include "wire/json/hash.h"

enum {
	NEW_KEYS_PARTS = 256,
	NEW_KEYS_BLOCK = 8 /* words of the filter block that has a key's bits */
};

enum new_keys_answer { NEW_KEYS_NEW, NEW_KEYS_SEEN, NEW_KEYS_MAYBE };

/* Open addressing with free slots left; free slots are all-zero. */
struct new_keys_table {
	struct hash *slot;
	size_t n, size;
	size_t mapped; /* bytes of addresses if it is in huge pages, or 0 */
};

struct new_keys {
	struct new_keys_table all; /* until they go to disk */
	struct new_keys_table part[NEW_KEYS_PARTS];
	bool has_zero; /* whether the all-zero key is in the set */

	size_t memory; /* bound, 0: none */
	const char *dir;
	uint64_t *filter; /* in blocks of 64 bytes; NULL: nothing on disk */
	void *filter_memory;
	size_t blocks;
	struct spool keys;
	bool repeats; /* a key may be on disk repeatedly: new_keys_put */
	int settling; /* the part whose table is in memory again, or -1 */

	int fd; /* file of the tables of settled parts, or -1 */
	uint64_t fd_bytes;
	struct file_map map;
};

/* Uses about this many bytes of memory (0: no limit), then temporary files in
 * dir, which is borrowed.
 */
void new_keys_init(struct new_keys *f, size_t memory, const char *dir);
void new_keys_clear(struct new_keys *f);

/* Adds a key. ERR_CREATE, ERR_IO: no temporary file. */
int new_keys_add(struct new_keys *f, struct hash key,
		 enum new_keys_answer *answer, struct err *e) MUST_USE;

/* The same if the answer is not needed before all parts are settled. */
int new_keys_put(struct new_keys *f, struct hash key, struct err *e) MUST_USE;

/* The part that a key belongs to. */
static inline unsigned new_keys_part(struct hash key)
{
	return (unsigned)(key.hi >> 56);
}

/* Whether the set went to disk. If so, at the end of the input call for each
 * part: new_keys_settle, new_keys_add for each key of the part that was MAYBE,
 * which is NEW or SEEN now, and new_keys_settled.
 */
static inline bool new_keys_spilled(const struct new_keys *f)
{
	return f->filter != NULL;
}
int new_keys_settle(struct new_keys *f, unsigned part, struct err *e) MUST_USE;

/* Ends a part; with keep its keys stay for new_keys_has. */
int new_keys_settled(struct new_keys *f, bool keep, struct err *e) MUST_USE;

/* Ends the last part. ERR_IO. */
int new_keys_close(struct new_keys *f, struct err *e) MUST_USE;

/* Whether the key was added. Valid if nothing went to disk, or after all parts
 * were settled and kept; before that false means nothing.
 */
bool new_keys_has(const struct new_keys *f, struct hash key);

/* Whether the key may have been added, before the parts are settled: false is
 * certain.
 */
bool new_keys_may(const struct new_keys *f, struct hash key);

/* The block of the filter that has the key's bits: 64 bytes. */
static inline uint64_t *new_keys_block(const struct new_keys *f,
				       struct hash key)
{
	return f->filter +
	       ((key.hi & UINT32_MAX) * f->blocks >> 32) * NEW_KEYS_BLOCK;
}

/* The slot where the search for a key begins, in a table that is not empty. */
static inline const struct hash *new_keys_home(const struct new_keys_table *t,
					       struct hash key)
{
	return &t->slot[(key.lo >> 32) * t->size >> 32];
}

/* Prefetches what new_keys_add needs: few searches need more than two cache
 * lines of four slots.
 */
static ALWAYS_INLINE void new_keys_touch(const struct new_keys *f,
					 struct hash key)
{
	const struct new_keys_table *t = &f->all;

	if (f->filter && f->settling < 0)
		__builtin_prefetch(new_keys_block(f, key));
	else if (t->size > 0)
		for (size_t line = 0; line < 2; line++)
			__builtin_prefetch(new_keys_home(t, key) + 4 * line);
}

#endif
