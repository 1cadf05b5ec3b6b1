/* snapshot_file.c - one file of a snapshot: checks its blocks and entries, and
 * indexes the lowest file.
 */
#include <stdlib.h>

#include "core/file_map.h"
#include "core/mem.h"
#include "diff/state/snapshot_part.h"

/* Keys per bucket, about. From 33 M keys on buckets hold more, so that the
 * index stays at 64 MiB.
 */
enum { BUCKET = 2, BUCKET_BITS = 24 };

int snapshot_file_damaged(const char *path, const char *where, struct err *e)
{
	return err_names(e, ERR_CONFIG,
			 "'%s' is damaged (%s); see 'damaged state' in "
			 "rudder-sync(7)",
			 path, where);
}

unsigned snapshot_file_shift(size_t n)
{
	unsigned bits = 1;

	while (((size_t)BUCKET << bits) < n && bits < BUCKET_BITS)
		bits++;
	return 64 - bits;
}

size_t snapshot_file_buckets(unsigned shift)
{
	return (size_t)1 << (64 - shift);
}

/* ---- blocks ------------------------------------------------------------ */

static bool check_block(struct snapshot_blocks *b, size_t i)
{
	size_t from = i * SNAPSHOT_BLOCK, n = b->part.n - from;
	uint64_t sum;

	if (b->checked && b->checked[i >> 3] >> (i & 7) & 1)
		return true;
	memcpy(&sum, b->sum + i * sizeof(sum), sizeof(sum));
	if (n > SNAPSHOT_BLOCK)
		n = SNAPSHOT_BLOCK;
	if (snapshot_sum(b->part.p + from, n) != sum)
		return false;
	if (b->checked)
		b->checked[i >> 3] |= (unsigned char)(1u << (i & 7));
	return true;
}

bool snapshot_file_has(struct snapshot_file *f, size_t part, size_t from,
		       size_t to)
{
	struct snapshot_blocks *b = &f->blocks[part];

	if (f->checked)
		return true;
	for (size_t i = from / SNAPSHOT_BLOCK; i * SNAPSHOT_BLOCK < to; i++) {
		if (!check_block(b, i)) {
			f->wrong = "checksum";
			return false;
		}
	}
	return true;
}

/* ---- all of a file ----------------------------------------------------- */

/* Whether keys ascend in the entries from `from` up to `to`, and the text of
 * each key starts where the one before ends.
 */
static bool in_order(const struct snapshot_file *f, size_t from, size_t to)
{
	if (from == 0 && f->n > 0 && snapshot_text_at(f, 0) != 0)
		return false;
	for (size_t i = from; i < to; i++) {
		uint64_t at = snapshot_text_at(f, i);
		uint64_t end = snapshot_text_at(f, i + 1);

		if (at >= end || snapshot_key_text_n(f, i) > end - at)
			return false;
		if (i > 0 && hash_order(f->hot[i - 1].key, f->hot[i].key) >= 0)
			return false;
	}
	return true;
}

/* Fills the index for the entries up to `to`; *b is the next bucket. */
static void fill_index(struct snapshot *s, size_t from, size_t to, size_t *b)
{
	for (size_t i = from; i < to; i++) {
		size_t bucket = s->hot[i].key.hi >> s->shift;

		while (*b <= bucket)
			s->index[(*b)++] = (uint32_t)i;
	}
}

static bool over_good(const struct snapshot_file *f)
{
	for (size_t i = 0; f->over && i < f->n; i++) {
		if (f->over[i] != SNAPSHOT_NONE && f->over[i] >= f->first)
			return false;
	}
	return true;
}

/* Checks blocks and entries chunk by chunk, so that each byte is read from
 * memory once.
 */
static const char *check_entries(struct snapshot_file *f, struct snapshot *s,
				 size_t *bucket)
{
	enum { CHUNK = 4096 }; /* entries: whole blocks of hot and cold */
	bool sums = f->version > 3 && f->blocks[0].sum;

	for (size_t from = 0; from < f->n; from += CHUNK) {
		size_t to = f->n - from < CHUNK ? f->n : from + CHUNK;
		/* the text of the last entry ends where that of the next begins
		 */
		size_t cold = to < f->n ? to + 1 : to;

		if (sums && !(snapshot_file_has(f, 0, from * sizeof(*f->hot),
						to * sizeof(*f->hot)) &&
			      snapshot_file_has(f, 1, from * sizeof(*f->cold),
						cold * sizeof(*f->cold))))
			return "checksum";
		if (!in_order(f, from, to))
			return "order";
		if (s)
			fill_index(s, from, to, bucket);
	}
	if (sums && !(snapshot_file_has(f, 2, 0, f->text.n) &&
		      snapshot_file_has(f, 3, 0, f->blocks[3].part.n)))
		return "checksum";
	return over_good(f) ? NULL : "order";
}

int snapshot_file_check(struct snapshot_file *f, struct snapshot *s,
			struct err *e)
{
	size_t bucket = 0, n = 0;
	const char *wrong;

	if (f->checked && !s)
		return 0;
	if (s) {
		s->shift = snapshot_file_shift(f->n);
		n = snapshot_file_buckets(s->shift);
		s->index = mem_table((n + 1) * sizeof(*s->index));
	}
	wrong = f->wrong ? f->wrong : check_entries(f, s, &bucket);
	while (s && bucket <= n)
		s->index[bucket++] = (uint32_t)f->n;
	f->wrong = wrong;
	f->checked = !wrong;
	return wrong ? snapshot_file_damaged(f->path, wrong, e) : 0;
}

void snapshot_file_clear(struct snapshot_file *f)
{
	for (size_t i = 0; i < SNAPSHOT_BLOCKED; i++)
		free(f->blocks[i].checked);
	free(f->path);
	file_map_clear(&f->map);
	*f = (struct snapshot_file){0};
}
