#include "diff/snapshot.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/writer.h"

enum { VERSION = 1, ORDER = 0x01020304, ALIGN = 64 };

/* Keys a bucket, about, as long as there are not too many buckets: past 33 M
 * keys more keys share one, and the index stays at 64 MiB.
 */
enum { BUCKET = 2, BUCKET_BITS = 24 };

struct header {
	char magic[8];
	uint32_t version, order;
	uint64_t n, text_n, columns_n;
	uint64_t seed, generation;
	uint64_t columns_sum, hot_sum, cold_sum, text_sum;
	uint64_t sum; /* of all before */
};

static const char magic[8] = "RudSnap";

static uint64_t sum_of(const void *p, size_t n)
{
	return hash_bytes(p, n, VERSION).lo;
}

static size_t align(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

/* Where the sections of a file start, and its length. */
struct layout {
	size_t columns, hot, cold, text, end;
};

static struct layout layout_of(const struct header *h)
{
	struct layout l = {.columns = align(sizeof(*h))};

	l.hot = align(l.columns + h->columns_n);
	l.cold = l.hot + h->n * sizeof(struct snapshot_hot);
	l.text = l.cold + h->n * sizeof(struct snapshot_cold);
	l.end = l.text + h->text_n;
	return l;
}

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
	return s->n > 0 ? (buckets(s->shift) + 1) * sizeof(*s->index) : 0;
}

static void make_index(struct snapshot *s)
{
	size_t at = 0, n;

	s->shift = shift_for(s->n);
	n = buckets(s->shift);
	s->index = mem_resize(NULL, (n + 1) * sizeof(*s->index));
	for (size_t b = 0; b < n; b++) {
		s->index[b] = (uint32_t)at;
		while (at < s->n && s->hot[at].key.hi >> s->shift == b)
			at++;
	}
	s->index[n] = (uint32_t)s->n;
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

/* Keys rise, and each has its text behind that of the one before. */
static bool in_order(const struct snapshot *s)
{
	if (s->n > 0 && text_at(s, 0) != 0)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		if (text_at(s, i) >= text_at(s, i + 1))
			return false;
		if (i > 0 && hash_order(s->hot[i - 1].key, s->hot[i].key) >= 0)
			return false;
	}
	return true;
}

static int check(struct snapshot *s, const char *path, struct err *e)
{
	struct header h;
	struct layout l;
	const char *p = s->map.p;

	if (s->map.n < sizeof(h))
		return damaged(path, "too short", e);
	memcpy(&h, p, sizeof(h));
	if (memcmp(h.magic, magic, sizeof(magic)) != 0)
		return err_set(e, ERR_CONFIG,
			       "'%s' is not a snapshot of rudder-diff", path);
	if (h.order != ORDER)
		return err_set(e, ERR_CONFIG,
			       "'%s' is of a machine with another byte order, "
			       "or damaged",
			       path);
	if (h.version != VERSION)
		return err_set(e, ERR_CONFIG,
			       "'%s' has format %u; this rudder-diff reads "
			       "format %d",
			       path, h.version, VERSION);
	if (sum_of(&h, offsetof(struct header, sum)) != h.sum)
		return damaged(path, "header", e);
	/* each by itself, so that their sum cannot wrap around */
	if (h.n >= UINT32_MAX || h.text_n > s->map.n || h.columns_n > s->map.n)
		return damaged(path, "length", e);
	l = layout_of(&h);
	if (l.end != s->map.n)
		return damaged(path, "length", e);
	if (sum_of(p + l.columns, h.columns_n) != h.columns_sum ||
	    sum_of(p + l.hot, l.cold - l.hot) != h.hot_sum ||
	    sum_of(p + l.cold, l.text - l.cold) != h.cold_sum ||
	    sum_of(p + l.text, h.text_n) != h.text_sum)
		return damaged(path, "checksum", e);
	s->hot = (const void *)(p + l.hot);
	s->cold = (const void *)(p + l.cold);
	s->text = slice_of(p + l.text, h.text_n);
	s->columns = slice_of(p + l.columns, h.columns_n);
	s->n = h.n;
	s->seed = h.seed;
	s->generation = h.generation;
	return in_order(s) ? 1 : damaged(path, "order", e);
}

int snapshot_open(struct snapshot *s, const char *path, struct err *e)
{
	int rc;

	*s = (struct snapshot){0};
	rc = file_map(&s->map, path, e);
	if (rc > 0)
		rc = check(s, path, e);
	if (rc > 0)
		make_index(s);
	else
		snapshot_clear(s);
	return rc;
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
	uint64_t from = text_at(s, i);

	return slice_of(s->text.p + from, text_at(s, i + 1) - from);
}

static struct snapshot_cold cold_of(uint32_t version, uint64_t text)
{
	return (struct snapshot_cold){
		.version = version,
		.text_low = (uint32_t)text,
		.text_high = (uint16_t)(text >> 32),
	};
}

/* ---- ordering ---------------------------------------------------------- */

/* Key hashes are spread evenly, so their top bits say nearly where each row
 * goes: one counting pass, one move, and insertion in the small buckets.
 */
void snapshot_order(struct snapshot_row *row, size_t n)
{
	unsigned shift = shift_for(n);
	size_t n_buckets = buckets(shift);
	uint32_t *at = mem_zero((n_buckets + 1) * sizeof(*at));
	struct snapshot_row *to = mem_resize(NULL, (n + 1) * sizeof(*to));

	for (size_t i = 0; i < n; i++)
		at[(row[i].key.hi >> shift) + 1]++;
	for (size_t b = 0; b < n_buckets; b++)
		at[b + 1] += at[b];
	for (size_t i = 0; i < n; i++)
		to[at[row[i].key.hi >> shift]++] = row[i];
	for (size_t i = 0; i < n; i++) {
		size_t j = i;

		for (; j > 0 && hash_order(row[j - 1].key, to[i].key) > 0; j--)
			row[j] = row[j - 1];
		row[j] = to[i];
	}
	free(at);
	free(to);
}

void snapshot_build(struct snapshot *s, const struct snapshot_row *row,
		    size_t n)
{
	struct snapshot_hot *hot;
	struct snapshot_cold *cold;
	uint64_t text_n = 0;
	char *text;

	for (size_t i = 0; i < n; i++)
		text_n += row[i].text_n;
	s->memory = mem_resize(NULL,
			       n * (sizeof(*hot) + sizeof(*cold)) + text_n + 1);
	hot = s->memory;
	cold = (void *)(hot + n);
	text = (char *)(cold + n);
	text_n = 0;
	for (size_t i = 0; i < n; i++) {
		hot[i] = (struct snapshot_hot){row[i].key, row[i].row};
		cold[i] = cold_of(row[i].version, text_n);
		memcpy(text + text_n, row[i].text, row[i].text_n);
		text_n += row[i].text_n;
	}
	s->hot = hot;
	s->cold = cold;
	s->text = slice_of(text, text_n);
	s->n = n;
	make_index(s);
}

/* ---- writing ----------------------------------------------------------- */

/* One section of the new file: buffered, at its own place, summed up. */
struct section {
	int fd;
	off_t at;
	struct buf b;
	struct hash_stream *sum;
};

enum { SECTION_BUFFER = 1024 * 1024 };

static int section_flush(struct section *c, struct err *e)
{
	const char *p = c->b.p;
	size_t n = c->b.n;

	hash_stream_add(c->sum, p, n);
	while (n > 0) {
		ssize_t put = pwrite(c->fd, p, n, c->at);

		if (put < 0)
			return err_sys(e, ERR_IO, "cannot write the snapshot");
		p += put;
		n -= (size_t)put;
		c->at += put;
	}
	c->b.n = 0;
	return 0;
}

static int section_add(struct section *c, const void *p, size_t n,
		       struct err *e)
{
	buf_add(&c->b, p, n);
	return c->b.n < SECTION_BUFFER ? 0 : section_flush(c, e);
}

struct merge {
	struct section hot, cold, text;
	uint64_t text_at;
};

static int put(struct merge *m, const struct snapshot_hot *hot,
	       uint32_t version, struct slice text, struct err *e)
{
	struct snapshot_cold cold = cold_of(version, m->text_at);

	m->text_at += text.n;
	if (section_add(&m->hot, hot, sizeof(*hot), e) < 0 ||
	    section_add(&m->cold, &cold, sizeof(cold), e) < 0 ||
	    section_add(&m->text, text.p, text.n, e) < 0)
		return -1;
	return 0;
}

static int put_old(struct merge *m, const struct snapshot *old, size_t i,
		   struct err *e)
{
	return put(m, &old->hot[i], old->cold[i].version, snapshot_text(old, i),
		   e);
}

static int put_row(struct merge *m, const struct snapshot_row *r, struct err *e)
{
	struct snapshot_hot hot = {r->key, r->row};

	if (r->gone)
		return 0;
	return put(m, &hot, r->version, slice_of(r->text, r->text_n), e);
}

/* Both are in order: the row wins over the old entry of its key. */
static int merge(struct merge *m, const struct snapshot *old,
		 const struct snapshot_row *row, size_t n, struct err *e)
{
	size_t i = 0, k = 0;

	while (i < old->n || k < n) {
		int order = i == old->n ? 1
			    : k == n    ? -1
				     : hash_order(old->hot[i].key, row[k].key);

		if (order < 0) {
			if (put_old(m, old, i++, e) < 0)
				return -1;
			continue;
		}
		i += order == 0;
		if (put_row(m, &row[k++], e) < 0)
			return -1;
	}
	if (section_flush(&m->hot, e) < 0 || section_flush(&m->cold, e) < 0)
		return -1;
	return section_flush(&m->text, e);
}

/* What the new file will hold, before it is written. */
static struct header count(const struct snapshot *old,
			   const struct snapshot_row *row, size_t n)
{
	struct header h = {
		.version = VERSION,
		.order = ORDER,
		.n = old->n,
		.text_n = old->text.n,
		.columns_n = old->columns.n,
		.seed = old->seed,
	};

	memcpy(h.magic, magic, sizeof(magic));
	for (size_t k = 0; k < n; k++) {
		int64_t i = snapshot_find(old, row[k].key);

		if (i >= 0) {
			h.n--;
			h.text_n -= snapshot_text(old, (size_t)i).n;
		}
		if (!row[k].gone) {
			h.n++;
			h.text_n += row[k].text_n;
		}
	}
	return h;
}

static int write_header(int fd, const struct header *h, struct err *e)
{
	if (pwrite(fd, h, sizeof(*h), 0) != (ssize_t)sizeof(*h))
		return err_sys(e, ERR_IO, "cannot write the snapshot");
	return 0;
}

static void section_init(struct section *c, int fd, size_t at)
{
	*c = (struct section){
		.fd = fd, .at = (off_t)at, .sum = hash_stream_new(VERSION)};
}

static uint64_t section_sum(struct section *c)
{
	uint64_t sum = hash_stream_end(c->sum).lo;

	buf_clear(&c->b);
	return sum;
}

static int write_all(int fd, const struct snapshot *old,
		     const struct snapshot_row *row, size_t n, struct header *h,
		     struct err *e)
{
	struct layout l = layout_of(h);
	struct merge m = {0};
	int rc;

	section_init(&m.hot, fd, l.hot);
	section_init(&m.cold, fd, l.cold);
	section_init(&m.text, fd, l.text);
	rc = merge(&m, old, row, n, e);
	h->columns_sum = sum_of(old->columns.p, old->columns.n);
	h->hot_sum = section_sum(&m.hot);
	h->cold_sum = section_sum(&m.cold);
	h->text_sum = section_sum(&m.text);
	h->sum = sum_of(h, offsetof(struct header, sum));
	if (rc == 0 && pwrite(fd, old->columns.p, old->columns.n,
			      (off_t)l.columns) != (ssize_t)old->columns.n)
		rc = err_sys(e, ERR_IO, "cannot write the snapshot");
	/* an empty last section leaves the file short of its length */
	if (rc == 0 && ftruncate(fd, (off_t)l.end) < 0)
		rc = err_sys(e, ERR_IO, "cannot write the snapshot");
	return rc == 0 ? write_header(fd, h, e) : -1;
}

int snapshot_write(const struct snapshot *old, const struct snapshot_row *row,
		   size_t n, uint64_t generation, const char *path,
		   struct err *e)
{
	struct header h = count(old, row, n);
	struct file_new f = {0};
	int rc;

	h.generation = generation;
	if (file_begin(&f, path, e) < 0)
		return -1;
	rc = write_all(f.fd, old, row, n, &h, e);
	if (rc == 0)
		rc = file_commit(&f, e);
	file_abandon(&f);
	return rc;
}
