#include "diff/state/snapshot_part.h"

#include <stdlib.h>

#include "core/mem.h"

/* Keys a bucket, about, as long as there are not too many buckets: past 33 M
 * keys more keys share one, and the index stays at 64 MiB.
 */
enum { BUCKET = 2, BUCKET_BITS = 24 };

/* The header of format 1: four parts, of which only hot is aligned. */
struct header_1 {
	char magic[8];
	uint32_t version, order;
	uint64_t n, text_n, columns_n;
	uint64_t seed, generation;
	uint64_t columns_sum, hot_sum, cold_sum, text_sum;
	uint64_t sum;
};

/* ---- the index --------------------------------------------------------- */

static unsigned shift_for(size_t n)
{
	unsigned bits = 1;

	while (((size_t)BUCKET << bits) < n && bits < BUCKET_BITS)
		bits++;
	return 64 - bits;
}

static size_t buckets(unsigned shift)
{
	return (size_t)1 << (64 - shift);
}

size_t snapshot_memory(const struct snapshot *s)
{
	size_t index;

	if (s->n == 0)
		return 0;
	index = (buckets(s->shift) + 1) * sizeof(*s->index);
	if (!s->memory)
		return index;
	return index + s->n * (sizeof(*s->hot) + sizeof(*s->cold)) + s->text.n;
}

static void make_index(struct snapshot *s)
{
	size_t at = 0, n;

	s->shift = shift_for(s->n);
	n = buckets(s->shift);
	s->index = mem_table((n + 1) * sizeof(*s->index));
	for (size_t b = 0; b < n; b++) {
		s->index[b] = (uint32_t)at;
		while (at < s->n && s->hot[at].key.hi >> s->shift == b)
			at++;
	}
	s->index[n] = (uint32_t)s->n;
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

/* ---- reading ----------------------------------------------------------- */

static int damaged(const char *path, const char *where, struct err *e)
{
	return err_set(e, ERR_CONFIG,
		       "'%s' is damaged (%s); see 'damaged state' in "
		       "rudder-sync(7)",
		       path, where);
}

static uint64_t text_at(const struct snapshot *s, size_t i)
{
	if (i == s->n)
		return s->text.n;
	return (uint64_t)s->cold[i].text_high << 32 | s->cold[i].text_low;
}

static size_t key_text_n(const struct snapshot *s, size_t i)
{
	if (UNLIKELY(s->plain))
		return text_at(s, i + 1) - text_at(s, i);
	return (size_t)s->cold[i].text_last + 1;
}

/* Keys rise, and each has its text behind that of the one before. */
static bool in_order(const struct snapshot *s)
{
	if (s->n > 0 && text_at(s, 0) != 0)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		uint64_t at = text_at(s, i), end = text_at(s, i + 1);

		if (at >= end || key_text_n(s, i) > end - at)
			return false;
		if (i > 0 && hash_order(s->hot[i - 1].key, s->hot[i].key) >= 0)
			return false;
	}
	return true;
}

/* What is read, part by part. */
struct snapshot_reading {
	struct slice part[SNAPSHOT_PARTS];
	size_t at; /* end of the part read last */
};

/* The next part of the file: NULL, or what is wrong. */
static const char *take_part(struct snapshot_reading *r,
			     const struct snapshot *s,
			     const struct snapshot_part *x)
{
	if (r->at > s->map.n || x->n > s->map.n - r->at)
		return "length";
	r->part[x->number] = slice_of(s->map.p + r->at, x->n);
	r->at += x->n;
	return snapshot_sum(r->part[x->number].p, x->n) == x->sum ? NULL
								  : "checksum";
}

static const char *read_1(struct snapshot *s, struct snapshot_reading *r)
{
	struct header_1 h;
	struct snapshot_part part[4];
	const char *wrong = NULL;

	if (s->map.n < sizeof(h))
		return "too short";
	memcpy(&h, s->map.p, sizeof(h));
	if (snapshot_sum(&h, offsetof(struct header_1, sum)) != h.sum)
		return "header";
	if (h.n >= UINT32_MAX)
		return "length";
	part[0] = (struct snapshot_part){SNAPSHOT_COLUMNS, 0, h.columns_n,
					 h.columns_sum};
	part[1] = (struct snapshot_part){SNAPSHOT_HOT, 0, h.n * sizeof(*s->hot),
					 h.hot_sum};
	part[2] = (struct snapshot_part){SNAPSHOT_COLD, 0,
					 h.n * sizeof(*s->cold), h.cold_sum};
	part[3] =
		(struct snapshot_part){SNAPSHOT_TEXT, 0, h.text_n, h.text_sum};
	r->at = snapshot_align(sizeof(h));
	for (size_t i = 0; i < COUNT_OF(part) && !wrong; i++) {
		if (part[i].number == SNAPSHOT_HOT)
			r->at = snapshot_align(r->at);
		wrong = take_part(r, s, &part[i]);
	}
	s->n = h.n;
	s->seed = h.seed;
	s->generation = h.generation;
	s->plain = true;
	s->lineless = true;
	return wrong;
}

/* The table, of which the parts stand in their order, each once. */
static const char *read_table(struct snapshot *s, struct snapshot_reading *r,
			      const struct snapshot_header *h)
{
	struct snapshot_part part[SNAPSHOT_PARTS];

	r->at = snapshot_align(sizeof(*h));
	if (h->parts > SNAPSHOT_PARTS)
		return "a part that this rudder-diff does not know";
	if (r->at + h->parts * sizeof(*part) > s->map.n)
		return "length";
	memcpy(part, s->map.p + r->at, h->parts * sizeof(*part));
	if (snapshot_sum(part, h->parts * sizeof(*part)) != h->parts_sum)
		return "header";
	r->at += h->parts * sizeof(*part);
	for (size_t i = 0; i < h->parts; i++) {
		const char *wrong;

		if (part[i].number >= SNAPSHOT_PARTS)
			return "a part that this rudder-diff does not know";
		if (i > 0 && part[i].number <= part[i - 1].number)
			return "order";
		r->at = snapshot_align(r->at);
		wrong = take_part(r, s, &part[i]);
		if (wrong)
			return wrong;
	}
	return NULL;
}

static const char *read_parts(struct snapshot *s, struct snapshot_reading *r)
{
	struct snapshot_header h;
	const char *wrong;

	if (s->map.n < sizeof(h))
		return "too short";
	memcpy(&h, s->map.p, sizeof(h));
	if (snapshot_sum(&h, offsetof(struct snapshot_header, sum)) != h.sum)
		return "header";
	wrong = read_table(s, r, &h);
	if (wrong)
		return wrong;
	if (h.n >= UINT32_MAX ||
	    r->part[SNAPSHOT_HOT].n != h.n * sizeof(*s->hot) ||
	    r->part[SNAPSHOT_COLD].n != h.n * sizeof(*s->cold))
		return "length";
	s->n = h.n;
	s->seed = h.seed;
	s->generation = h.generation;
	s->lineless = h.version < 3;
	return NULL;
}

static int check(struct snapshot *s, const char *path, struct err *e)
{
	struct snapshot_reading r = {.at = 0};
	const char *wrong;
	uint32_t words[2];

	if (s->map.n < 8 + sizeof(words))
		return damaged(path, "too short", e);
	if (memcmp(s->map.p, SNAPSHOT_MAGIC, 8) != 0)
		return err_set(e, ERR_CONFIG,
			       "'%s' is not a snapshot of rudder-diff", path);
	memcpy(words, s->map.p + 8, sizeof(words));
	if (words[1] != SNAPSHOT_ORDER)
		return err_set(e, ERR_CONFIG,
			       "'%s' is of a machine with another byte order, "
			       "or damaged",
			       path);
	if (words[0] < 1 || words[0] > SNAPSHOT_VERSION)
		return err_set(e, ERR_CONFIG,
			       "'%s' has format %u; this rudder-diff reads "
			       "formats 1 to %d",
			       path, words[0], SNAPSHOT_VERSION);
	wrong = words[0] == 1 ? read_1(s, &r) : read_parts(s, &r);
	if (!wrong && r.at != s->map.n)
		wrong = "length";
	if (wrong)
		return damaged(path, wrong, e);
	s->columns = r.part[SNAPSHOT_COLUMNS];
	s->hot = (const void *)r.part[SNAPSHOT_HOT].p;
	s->cold = (const void *)r.part[SNAPSHOT_COLD].p;
	s->text = r.part[SNAPSHOT_TEXT];
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++)
		s->note[i] = r.part[SNAPSHOT_NOTE + i];
	return in_order(s) ? 1 : damaged(path, "order", e);
}

static int open_map(struct snapshot *s, const char *path, int rc, struct err *e)
{
	if (rc > 0)
		rc = check(s, path, e);
	if (rc > 0)
		make_index(s);
	else
		snapshot_clear(s);
	return rc;
}

int snapshot_open(struct snapshot *s, const char *path, struct err *e)
{
	*s = (struct snapshot){0};
	return open_map(s, path, file_map(&s->map, path, e), e);
}

int snapshot_open_fd(struct snapshot *s, int fd, struct err *e)
{
	static const char name[] = "a temporary file";

	*s = (struct snapshot){0};
	return open_map(s, name, file_map_fd(&s->map, fd, name, e), e);
}

void snapshot_clear(struct snapshot *s)
{
	free(s->index);
	free(s->memory);
	file_unmap(&s->map);
	*s = (struct snapshot){0};
}

struct slice snapshot_text(const struct snapshot *s, size_t i)
{
	return slice_of(s->text.p + text_at(s, i), key_text_n(s, i));
}

struct slice snapshot_kept(const struct snapshot *s, size_t i)
{
	uint64_t from = text_at(s, i) + key_text_n(s, i);

	return slice_of(s->text.p + from, text_at(s, i + 1) - from);
}

/* ---- ordering ---------------------------------------------------------- */

/* Where the keys of some rows lie: from the lowest, shifted so that they reach
 * up to the top bit.
 */
struct spread {
	uint64_t low;
	unsigned up, shift;
};

static struct spread spread_of(const struct snapshot_row *row, size_t n)
{
	struct spread s = {.low = UINT64_MAX, .shift = shift_for(n)};
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

/* Key hashes are spread evenly, so their top bits say nearly where each row
 * goes: one counting pass, one move, and insertion in the small buckets.
 */
void snapshot_order(struct snapshot_row *row, size_t n)
{
	const struct spread s = spread_of(row, n);
	size_t n_buckets = buckets(s.shift);
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

/* A snapshot that is put together in memory. */
struct building {
	struct snapshot *s;
	struct snapshot_hot *hot;
	struct snapshot_cold *cold;
	char *text;
	uint64_t text_n;
};

/* Room for all of it; add_rows fills it. */
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
	make_index(s);
	return rc;
}
