#include "diff/state/snapshot_part.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"

uint64_t snapshot_small(void)
{
	const char *given = getenv("RUDDER_SMALL_STATE");
	uint64_t bytes;

	return given && num_uint(slice_str(given), &bytes) == 0
		       ? bytes
		       : 16 * 1024 * 1024;
}

/* ---- the index --------------------------------------------------------- */

size_t snapshot_memory(const struct snapshot *s)
{
	size_t used;

	if (s->n == 0)
		return 0;
	used = (snapshot_file_buckets(snapshot_file_shift(s->base)) + 1) *
	       sizeof(*s->index);
	if (s->files > 1)
		used += s->places / 8;
	if (!s->memory)
		return used;
	return used + s->n * (sizeof(*s->hot) + sizeof(*s->cold)) + s->text.n;
}

int64_t snapshot_find_among(const struct snapshot *s, struct hash key,
			    size_t first, size_t end)
{
	size_t i = snapshot_about(s, key);

	while (i < end && hash_order(s->hot[i].key, key) < 0)
		i++;
	while (i > first && (i == end || hash_order(s->hot[i].key, key) > 0))
		i--;
	return i < end && hash_eq(s->hot[i].key, key) ? (int64_t)i : -1;
}

/* ---- without the index -------------------------------------------------- */

/* About how many of n evenly spread keys are in a range of this size. */
static size_t many(uint64_t distance, size_t n)
{
	return (size_t)((distance >> 32) * n >> 32);
}

/* The next entry to look at, after the key at `at` was too low or too high:
 * first as far away as the hashes suggest, then in longer and longer steps.
 */
static size_t next_probe(const struct snapshot_file *f, struct hash key,
			 size_t at, unsigned looks)
{
	enum { BY_HASH = 4, STEP = 8 };
	uint64_t has = f->hot[at].key.hi;
	bool low = hash_order(f->hot[at].key, key) < 0;
	size_t far = looks < BY_HASH
			     ? many(low ? key.hi - has : has - key.hi, f->n) + 1
			     : (size_t)STEP << (looks - BY_HASH < 40
							? looks - BY_HASH
							: 40);

	if (low)
		return far < f->n - at ? at + far : f->n;
	return far <= at ? at - far : f->n;
}

/* The entry of the key in a file, or -1. Checks the blocks that it reads. */
static int64_t find_in(struct snapshot_file *f, struct hash key)
{
	size_t low = 0, high = f->n, at = many(key.hi, f->n);

	for (unsigned looks = 0; low < high; looks++) {
		size_t from;
		int order;

		if (at < low || at >= high)
			at = low + (high - low) / 2;
		from = at * sizeof(*f->hot);
		if (!snapshot_file_has(f, 0, from, from + sizeof(*f->hot)))
			return -1;
		order = hash_order(f->hot[at].key, key);
		if (order == 0)
			return (int64_t)at;
		if (order < 0)
			low = at + 1;
		else
			high = at;
		at = next_probe(f, key, at, looks);
	}
	return -1;
}

/* Checks the version, text and values of an entry. */
static bool check_entry(struct snapshot_file *f, size_t i)
{
	size_t from = i * sizeof(*f->cold), to = from + sizeof(*f->cold);
	uint64_t at, end;

	if (f->checked)
		return true;
	if (i + 1 < f->n)
		to += sizeof(*f->cold);
	if (!snapshot_file_has(f, 1, from, to))
		return false;
	at = snapshot_text_at(f, i);
	end = snapshot_text_at(f, i + 1);
	if (at >= end || end > f->text.n ||
	    snapshot_key_text_n(f, i) > end - at) {
		f->wrong = "order";
		return false;
	}
	return snapshot_file_has(f, 2, at, end);
}

/* The newest entry of the key in the files from low up to `files`. */
static int64_t newest(const struct snapshot *s, struct hash key, size_t low,
		      size_t files)
{
	while (files-- > low) {
		struct snapshot_file *f = &s->file[files];
		int64_t i = files == 0 && s->index ? snapshot_find_low(s, key)
						   : find_in(f, key);

		if (i >= 0 && check_entry(f, (size_t)i))
			return (int64_t)f->first + i;
		if (f->wrong)
			return -1;
	}
	return -1;
}

int64_t snapshot_newest(const struct snapshot *s, struct hash key, size_t files)
{
	return newest(s, key, 0, files);
}

int64_t snapshot_find_other(const struct snapshot *s, struct hash key)
{
	int64_t i = newest(s, key, s->index ? 1 : 0, s->files);

	return i >= 0 && snapshot_is_out(s, (size_t)i) ? -1 : i;
}

int snapshot_sound(const struct snapshot *s, struct err *e)
{
	for (size_t i = 0; i < s->files; i++) {
		if (s->file[i].wrong)
			return snapshot_file_damaged(s->file[i].path,
						     s->file[i].wrong, e);
	}
	return 0;
}

/* ---- the whole snapshot -------------------------------------------------- */

/* Sets the bit of each position that is past. */
static void mark_past(struct snapshot *s)
{
	s->past = mem_table(s->places / 8 + 1);
	for (size_t k = 1; k < s->files; k++) {
		const struct snapshot_file *f = &s->file[k];

		for (size_t i = 0; i < f->n; i++) {
			size_t at = f->over[i];

			if (at != SNAPSHOT_NONE)
				s->past[at >> 3] |=
					(unsigned char)(1u << (at & 7));
			at = f->first + i;
			if (f->cold[i].version == 0)
				s->past[at >> 3] |=
					(unsigned char)(1u << (at & 7));
		}
	}
}

int snapshot_whole(struct snapshot *s, struct err *e)
{
	if (s->index || s->places == 0)
		return snapshot_sound(s, e);
	for (size_t k = 1; k < s->files; k++) {
		if (snapshot_file_check(&s->file[k], NULL, e) < 0)
			return -1;
	}
	if (snapshot_file_check(s->file, s, e) < 0)
		return -1;
	if (s->files > 1)
		mark_past(s);
	return 0;
}

/* ---- positions ----------------------------------------------------------- */

/* The file of a position; *i becomes the entry in that file. */
static const struct snapshot_file *file_of(const struct snapshot *s, size_t *i)
{
	size_t k = 0;

	if (UNLIKELY(*i >= s->base)) {
		k = s->files - 1;
		while (*i < s->file[k].first)
			k--;
		*i -= s->file[k].first;
	}
	return &s->file[k];
}

const struct snapshot_hot *snapshot_hot_above(const struct snapshot *s,
					      size_t i)
{
	const struct snapshot_file *f = file_of(s, &i);

	return &f->hot[i];
}

uint32_t snapshot_version(const struct snapshot *s, size_t i)
{
	const struct snapshot_file *f = file_of(s, &i);

	return f->cold[i].version;
}

bool snapshot_is_out(const struct snapshot *s, size_t i)
{
	return i >= s->base && snapshot_version(s, i) == 0;
}

struct slice snapshot_text(const struct snapshot *s, size_t i)
{
	const struct snapshot_file *f = file_of(s, &i);

	return slice_of(f->text.p + snapshot_text_at(f, i),
			snapshot_key_text_n(f, i));
}

struct slice snapshot_kept(const struct snapshot *s, size_t i)
{
	const struct snapshot_file *f = file_of(s, &i);
	uint64_t from = snapshot_text_at(f, i) + snapshot_key_text_n(f, i);

	return slice_of(f->text.p + from, snapshot_text_at(f, i + 1) - from);
}

int64_t snapshot_walk_next(const struct snapshot *s, struct snapshot_walk *w)
{
	const struct snapshot_hot *best = NULL;
	int64_t found = -1;

	for (size_t k = s->files; k-- > w->low;) {
		const struct snapshot_file *f = &s->file[k];
		int order = -1;

		if (w->at[k] == f->n)
			continue;
		if (best)
			order = hash_order(f->hot[w->at[k]].key, best->key);
		if (order < 0) {
			best = &f->hot[w->at[k]];
			found = (int64_t)(f->first + w->at[k]);
		}
	}
	for (size_t k = w->low; best && k < s->files; k++) {
		const struct snapshot_file *f = &s->file[k];

		if (w->at[k] < f->n && hash_eq(f->hot[w->at[k]].key, best->key))
			w->at[k]++;
	}
	return found;
}

/* ---- files ------------------------------------------------------------- */

void snapshot_clear(struct snapshot *s)
{
	for (size_t k = 0; k < s->files; k++)
		snapshot_file_clear(&s->file[k]);
	free(s->file);
	free(s->index);
	free(s->past);
	free(s->memory);
	*s = (struct snapshot){0};
}

void snapshot_lower_path(struct buf *b, const char *path, uint64_t generation)
{
	const char *name = strrchr(path, '/');

	b->n = 0;
	if (name)
		buf_add(b, path, (size_t)(name + 1 - path));
	buf_fmt(b, "rows-%ju", (uintmax_t)generation);
}

size_t snapshot_below(const struct snapshot *s,
		      uint64_t generation[SNAPSHOT_FILES])
{
	for (size_t k = 0; k + 1 < s->files; k++)
		generation[k] = s->file[k].generation;
	return s->files > 0 ? s->files - 1 : 0;
}

/* ---- ordering ---------------------------------------------------------- */

/* The range of the keys of some rows: the lowest, and a shift that spreads them
 * up to the top bit.
 */
struct spread {
	uint64_t low;
	unsigned up, shift;
};

static struct spread spread_of(const struct snapshot_row *row, size_t n)
{
	struct spread s = {.low = UINT64_MAX, .shift = snapshot_file_shift(n)};
	uint64_t high = 0;

	for (size_t i = 0; i < n; i++) {
		s.low = row[i].key.hi < s.low ? row[i].key.hi : s.low;
		high = row[i].key.hi > high ? row[i].key.hi : high;
	}
	while (s.up < 63 && n > 0 && (high - s.low) >> (63 - s.up) == 0)
		s.up++;
	return s;
}

static size_t bucket_of(const struct spread *s, struct hash key)
{
	return (size_t)((key.hi - s->low) << s->up >> s->shift);
}

/* Key hashes are spread evenly, so their top bits nearly sort them: one pass to
 * count, one to move, and insertion sort within the small buckets.
 */
void snapshot_order(struct snapshot_row *row, size_t n)
{
	const struct spread s = spread_of(row, n);
	size_t n_buckets = snapshot_file_buckets(s.shift);
	uint32_t *at = mem_zero((n_buckets + 1) * sizeof(*at));
	struct snapshot_row *to = mem_resize(NULL, (n + 1) * sizeof(*to));

	for (size_t i = 0; i < n; i++)
		at[bucket_of(&s, row[i].key) + 1]++;
	for (size_t b = 0; b < n_buckets; b++)
		at[b + 1] += at[b];
	for (size_t i = 0; i < n; i++)
		to[at[bucket_of(&s, row[i].key)]++] = row[i];
	for (size_t i = 0; i < n; i++) {
		size_t j = i;

		for (; j > 0 && hash_order(row[j - 1].key, to[i].key) > 0; j--)
			row[j] = row[j - 1];
		row[j] = to[i];
	}
	free(at);
	free(to);
}

/* A snapshot that is being built in memory. */
struct building {
	struct snapshot *s;
	struct snapshot_hot *hot;
	struct snapshot_cold *cold;
	char *text;
	uint64_t text_n;
};

/* Allocates everything; add_rows fills it. */
static void make_room(struct building *b, size_t n, size_t text_n)
{
	b->s->memory = mem_resize(
		NULL, n * (sizeof(*b->hot) + sizeof(*b->cold)) + text_n + 1);
	b->hot = b->s->memory;
	b->cold = (void *)(b->hot + n);
	b->text = (char *)(b->cold + n);
	b->s->hot = b->hot;
	b->s->cold = b->cold;
	b->s->text = slice_of(b->text, text_n);
}

static void add_rows(struct building *b, const struct snapshot_row *row,
		     size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = b->s->n++;

		b->hot[at] = (struct snapshot_hot){row[i].key, row[i].mark};
		b->cold[at] = snapshot_cold_of(row[i].version, b->text_n,
					       row[i].text_n);
		memcpy(b->text + b->text_n, row[i].text, row[i].text_n);
		b->text_n += row[i].text_n;
		if (row[i].kept_n > 0)
			memcpy(b->text + b->text_n, row[i].kept, row[i].kept_n);
		b->text_n += row[i].kept_n;
	}
}

int snapshot_build(struct snapshot *s, const struct snapshot_feed *feed,
		   struct err *e)
{
	struct building b = {.s = s};
	const struct snapshot_row *row;
	size_t n;
	int rc;

	make_room(&b, feed->n, feed->text_n);
	feed->rewind(feed->ctx);
	while ((rc = feed->next(feed->ctx, &row, &n, e)) > 0)
		add_rows(&b, row, n);
	s->base = s->places = s->n;
	s->file = mem_zero(sizeof(*s->file));
	s->files = 1;
	*s->file = (struct snapshot_file){.hot = s->hot,
					  .cold = s->cold,
					  .text = s->text,
					  .n = s->n,
					  .keys = s->n,
					  .version = SNAPSHOT_VERSION};
	if (rc == 0 && s->n > 0)
		rc = snapshot_file_check(s->file, s, e);
	return rc;
}
