#include "diff/keys/new_keys.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/temp.h"

enum {
	FIRST_SIZE = 4, /* slots of a table */
	BITS = 6,       /* of a key in its block */
	HUGE = 2 * 1024 * 1024,
	ROOM = 16, /* a large table grows in place up to this factor */
};

static bool is_zero(struct hash h)
{
	return h.hi == 0 && h.lo == 0;
}

/* ---- tables ------------------------------------------------------------ */

/* The slot where the search for a key begins. */
static size_t home(struct hash key, size_t size)
{
	return (key.lo >> 32) * size >> 32;
}

/* The slot of the key, or the free one where it would go. */
static size_t place(const struct hash *slot, size_t size, struct hash key)
{
	size_t i = home(key, size);

	while (!is_zero(slot[i]) && !hash_eq(slot[i], key))
		i = i + 1 == size ? 0 : i + 1;
	return i;
}

/* Grows by half: that wastes less memory than doubling. */
static size_t next_size(const struct new_keys_table *t)
{
	return t->size ? t->size + t->size / 2 : FIRST_SIZE;
}

static void drop(struct new_keys_table *t)
{
	if (t->mapped > 0)
		munmap(t->slot, t->mapped);
	else
		free(t->slot);
	*t = (struct new_keys_table){0};
}

/* Maps a table in huge pages: random access needs fewer TLB entries. Reserves
 * addresses after it to grow into.
 */
static bool map_table(struct new_keys_table *t, size_t bytes)
{
	size_t mapped = bytes * ROOM;
	void *p = mmap(NULL, mapped, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return false;
	(void)madvise(p, mapped, MADV_HUGEPAGE);
	if (mprotect(p, bytes, PROT_READ | PROT_WRITE) < 0) {
		munmap(p, mapped);
		return false;
	}
	t->slot = p;
	t->mapped = mapped;
	return true;
}

/* A table of all-zero slots. */
static struct new_keys_table make_table(size_t size)
{
	struct new_keys_table t = {.size = size};
	size_t bytes = size * sizeof(*t.slot);

	if (bytes < 2 * HUGE || !map_table(&t, bytes))
		t.slot = mem_zero(bytes);
	return t;
}

/* Releases the old table while it is copied: both tables have the keys in about
 * the same order.
 */
static void move_keys(const struct new_keys_table *from,
		      struct new_keys_table *to)
{
	enum { GIVEN = HUGE / sizeof(struct hash) };

	for (size_t i = 0; i < from->size; i++) {
		if (i > 0 && i % GIVEN == 0 && from->mapped > 0)
			(void)madvise(from->slot + i - GIVEN, HUGE,
				      MADV_DONTNEED);
		if (is_zero(from->slot[i]))
			continue;
		to->slot[place(to->slot, to->size, from->slot[i])] =
			from->slot[i];
		to->n++;
	}
}

/* Spreads the keys of a table that has grown in place. From the last key on,
 * each key moves to a slot at or after its old one, which is free or has its
 * last key; the few that cannot are put back at the end.
 */
static void spread_keys(struct new_keys_table *t, size_t was)
{
	struct buf odd = {0};
	struct hash key;

	for (size_t i = was; i > 0; i--) {
		size_t to;

		key = t->slot[i - 1];
		if (is_zero(key))
			continue;
		t->slot[i - 1] = (struct hash){0};
		to = home(key, t->size);
		while (to >= i - 1 && to < t->size && !is_zero(t->slot[to]))
			to++;
		if (to >= i - 1 && to < t->size)
			t->slot[to] = key;
		else
			buf_add(&odd, &key, sizeof(key));
	}
	for (size_t at = 0; at < odd.n; at += sizeof(key)) {
		memcpy(&key, odd.p + at, sizeof(key));
		t->slot[place(t->slot, t->size, key)] = key;
	}
	buf_clear(&odd);
}

static bool grow_in_place(struct new_keys_table *t, size_t size)
{
	size_t bytes = size * sizeof(*t->slot), was = t->size;

	if (bytes > t->mapped ||
	    mprotect(t->slot, bytes, PROT_READ | PROT_WRITE) < 0)
		return false;
	t->size = size;
	spread_keys(t, was);
	return true;
}

static void resize(struct new_keys_table *t, size_t size)
{
	struct new_keys_table to;

	if (size > t->size && grow_in_place(t, size))
		return;
	to = make_table(size);
	move_keys(t, &to);
	drop(t);
	*t = to;
}

static bool is_full(const struct new_keys_table *t)
{
	return (t->n + 1) * 5 > t->size * 4;
}

/* Adds a key to a table with room for it: whether it is new. */
static bool put(struct new_keys_table *t, struct hash key)
{
	size_t at = place(t->slot, t->size, key);

	if (!is_zero(t->slot[at]))
		return false;
	t->slot[at] = key;
	t->n++;
	return true;
}

/* ---- the filter -------------------------------------------------------- */

/* Sets the bits of a key: whether all were set before. Touches one cache line.
 */
static bool filter_add(struct new_keys *f, struct hash key)
{
	uint64_t *block = new_keys_block(f, key);
	uint64_t bits = key.lo;
	bool all = true;

	for (int i = 0; i < BITS; i++, bits >>= 9) {
		uint64_t bit = (uint64_t)1 << (bits & 63);
		uint64_t *word = &block[bits >> 6 & (NEW_KEYS_BLOCK - 1)];

		all = all && (*word & bit) != 0;
		*word |= bit;
	}
	return all;
}

static bool filter_has(const struct new_keys *f, struct hash key)
{
	const uint64_t *block = new_keys_block(f, key);
	uint64_t bits = key.lo;
	bool all = true;

	for (int i = 0; i < BITS && all; i++, bits >>= 9)
		all = (block[bits >> 6 & (NEW_KEYS_BLOCK - 1)] >> (bits & 63) &
		       1) != 0;
	return all;
}

static void make_filter(struct new_keys *f)
{
	enum { BYTES = NEW_KEYS_BLOCK * sizeof(uint64_t) };

	f->blocks = f->memory * 3 / 8 / BYTES + 1;
	f->filter_memory = mem_table((f->blocks + 1) * BYTES);
	f->filter = (void *)(((uintptr_t)f->filter_memory + BYTES - 1) / BYTES *
			     BYTES);
}

/* ---- to disk ----------------------------------------------------------- */

static int put_aside(struct new_keys *f, struct hash key, struct err *e)
{
	unsigned part = new_keys_part(key);

	buf_add(spool_record(&f->keys, part), &key, sizeof(key));
	return spool_add(&f->keys, part, e);
}

static int spill(struct new_keys *f, struct err *e)
{
	const struct new_keys_table *t = &f->all;

	make_filter(f);
	spool_init(&f->keys, f->dir, NEW_KEYS_PARTS, f->memory / 16,
		   sizeof(struct hash));
	for (size_t i = 0; i < t->size; i++) {
		if (is_zero(t->slot[i]))
			continue;
		filter_add(f, t->slot[i]);
		if (put_aside(f, t->slot[i], e) < 0)
			return -1;
	}
	drop(&f->all);
	return 0;
}

static int add_on_disk(struct new_keys *f, struct hash key,
		       enum new_keys_answer *answer, struct err *e)
{
	if (filter_add(f, key)) {
		*answer = NEW_KEYS_MAYBE;
		return 0;
	}
	*answer = NEW_KEYS_NEW;
	return put_aside(f, key, e);
}

int new_keys_add(struct new_keys *f, struct hash key,
		 enum new_keys_answer *answer, struct err *e)
{
	struct new_keys_table *t =
		f->filter ? &f->part[new_keys_part(key)] : &f->all;

	if (UNLIKELY(is_zero(key))) {
		*answer = f->has_zero ? NEW_KEYS_SEEN : NEW_KEYS_NEW;
		f->has_zero = true;
		return 0;
	}
	if (f->filter && f->settling < 0)
		return add_on_disk(f, key, answer, e);
	if (UNLIKELY(is_full(t))) {
		size_t bytes = next_size(t) * sizeof(*t->slot);

		if (!f->filter && f->memory > 0 && bytes > f->memory * 3 / 8) {
			if (spill(f, e) < 0)
				return -1;
			return add_on_disk(f, key, answer, e);
		}
		resize(t, next_size(t));
	}
	*answer = put(t, key) ? NEW_KEYS_NEW : NEW_KEYS_SEEN;
	return 0;
}

int new_keys_put(struct new_keys *f, struct hash key, struct err *e)
{
	enum new_keys_answer answer;

	if (new_keys_add(f, key, &answer, e) < 0)
		return -1;
	if (answer != NEW_KEYS_MAYBE)
		return 0;
	f->repeats = true;
	return put_aside(f, key, e);
}

/* ---- settling ---------------------------------------------------------- */

int new_keys_settle(struct new_keys *f, unsigned part, struct err *e)
{
	struct new_keys_table *t = &f->part[part];
	size_t n = spool_bytes(&f->keys, part) / sizeof(struct hash);
	struct slice record;
	int rc;

	f->settling = (int)part;
	resize(t, f->repeats ? FIRST_SIZE : n + n / 2 + FIRST_SIZE);
	spool_rewind(&f->keys, part);
	while ((rc = spool_next(&f->keys, &record, e)) > 0) {
		struct hash key;

		memcpy(&key, record.p, sizeof(key));
		if (is_full(t))
			resize(t, next_size(t));
		put(t, key);
	}
	return rc;
}

/* Appends the table of a part to the file of tables. */
static int keep_table(struct new_keys *f, struct new_keys_table *t,
		      struct err *e)
{
	const char *p = (const char *)t->slot;
	size_t n = t->size * sizeof(*t->slot), size;

	if (f->fd < 0) {
		f->fd = temp_file(f->dir, e);
		if (f->fd < 0)
			return -1;
	}
	if (temp_write(f->fd, p, n, f->fd_bytes, f->dir, e) < 0)
		return -1;
	f->fd_bytes += n;
	size = t->size;
	drop(t);
	t->size = size;
	return 0;
}

int new_keys_settled(struct new_keys *f, bool keep, struct err *e)
{
	struct new_keys_table *t = &f->part[f->settling];

	f->settling = -1;
	if (keep)
		return keep_table(f, t, e);
	drop(t);
	return 0;
}

int new_keys_close(struct new_keys *f, struct err *e)
{
	const char *p;

	if (f->fd < 0)
		return 0;
	p = mmap(NULL, f->fd_bytes, PROT_READ, MAP_SHARED, f->fd, 0);
	if (p == MAP_FAILED)
		return err_sys(e, ERR_IO, "cannot map a temporary file");
	f->map = (struct file_map){p, f->fd_bytes};
	for (unsigned i = 0; i < NEW_KEYS_PARTS; i++) {
		/* from here on the tables are only read */
		f->part[i].slot = (struct hash *)(uintptr_t)p;
		p += f->part[i].size * sizeof(struct hash);
	}
	return 0;
}

bool new_keys_has(const struct new_keys *f, struct hash key)
{
	const struct new_keys_table *t =
		f->filter ? &f->part[new_keys_part(key)] : &f->all;

	if (is_zero(key))
		return f->has_zero;
	return t->slot && t->size > 0 &&
	       !is_zero(t->slot[place(t->slot, t->size, key)]);
}

bool new_keys_may(const struct new_keys *f, struct hash key)
{
	return f->filter && f->settling < 0 && !is_zero(key)
		       ? filter_has(f, key)
		       : new_keys_has(f, key);
}

void new_keys_init(struct new_keys *f, size_t memory, const char *dir)
{
	*f = (struct new_keys){
		.memory = memory, .dir = dir, .settling = -1, .fd = -1};
}

void new_keys_clear(struct new_keys *f)
{
	drop(&f->all);
	for (unsigned i = 0; i < NEW_KEYS_PARTS && !f->map.p; i++)
		drop(&f->part[i]);
	file_map_clear(&f->map);
	if (f->filter && f->fd >= 0)
		close(f->fd);
	free(f->filter_memory);
	spool_clear(&f->keys);
	*f = (struct new_keys){.settling = -1, .fd = -1};
}
