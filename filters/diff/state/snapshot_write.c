/* snapshot_write.c - writes the file of a snapshot. */
#include <unistd.h>

#include "core/file.h"
#include "core/temp.h"
#include "diff/keys/spool.h"
#include "diff/state/snapshot_part.h"
#include "wire/json/hash_long.h"

/* One section of the new file: buffered, at its own place, summed up. */
struct section {
	int fd;
	off_t at;
	struct buf b;
	struct hash_long *sum;
};

enum {
	SECTION_BUFFER = 1024 * 1024,
	AHEAD = 16 /* rows from fetching a text to copying it */
};

static int failed(int fd, struct err *e)
{
	return file_failed(fd, ERR_IO, "cannot write the snapshot", e);
}

static int put_at(int fd, const char *p, size_t n, off_t at, struct err *e)
{
	while (n > 0) {
		ssize_t put = pwrite(fd, p, n, at);

		if (put < 0)
			return failed(fd, e);
		p += put;
		n -= (size_t)put;
		at += put;
	}
	return 0;
}

static int section_flush(struct section *c, struct err *e)
{
	hash_long_add(c->sum, c->b.p, c->b.n);
	if (put_at(c->fd, c->b.p, c->b.n, c->at, e) < 0)
		return -1;
	c->at += (off_t)c->b.n;
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
	       uint32_t version, struct slice text, struct slice kept,
	       struct err *e)
{
	struct snapshot_cold cold =
		snapshot_cold_of(version, m->text_at, text.n);

	m->text_at += text.n + kept.n;
	if (section_add(&m->hot, hot, sizeof(*hot), e) < 0 ||
	    section_add(&m->cold, &cold, sizeof(cold), e) < 0 ||
	    section_add(&m->text, text.p, text.n, e) < 0)
		return -1;
	return section_add(&m->text, kept.p, kept.n, e);
}

static int put_old(struct merge *m, const struct snapshot *old, size_t i,
		   struct err *e)
{
	struct snapshot_hot hot = {old->hot[i].key, snapshot_mark(old, i)};

	return put(m, &hot, old->cold[i].version, snapshot_text(old, i),
		   snapshot_kept(old, i), e);
}

/* Bytes of the texts and values of the old entries at from up to to. */
static struct slice texts_of(const struct snapshot *old, size_t from, size_t to)
{
	const char *p = snapshot_text(old, from).p;
	struct slice last = snapshot_kept(old, to - 1);

	return slice_of(p, (size_t)(last.p + last.n - p));
}

/* Old entries side by side, as many as are worth a copy at once: returns how
 * many, or 0 with *e set.
 */
static size_t put_some(struct merge *m, const struct snapshot *old, size_t from,
		       size_t to, struct err *e)
{
	enum { SOME = 4096 };
	struct slice text;
	size_t n = to - from < SOME ? to - from : SOME;

	while (n > 1 && texts_of(old, from, from + n).n > SECTION_BUFFER)
		n /= 2;
	if (n == 1 || old->lineless)
		return put_old(m, old, from, e) < 0 ? 0 : 1;
	text = texts_of(old, from, from + n);
	for (size_t i = from; i < from + n; i++) {
		struct slice key = snapshot_text(old, i);
		struct snapshot_cold cold = snapshot_cold_of(
			old->cold[i].version,
			m->text_at + (size_t)(key.p - text.p), key.n);

		if (section_add(&m->cold, &cold, sizeof(cold), e) < 0)
			return 0;
	}
	m->text_at += text.n;
	if (section_add(&m->hot, &old->hot[from], n * sizeof(*old->hot), e) <
		    0 ||
	    section_add(&m->text, text.p, text.n, e) < 0)
		return 0;
	return n;
}

static int put_all(struct merge *m, const struct snapshot *old, size_t from,
		   size_t to, struct err *e)
{
	while (from < to) {
		size_t n = put_some(m, old, from, to, e);

		if (n == 0)
			return -1;
		from += n;
	}
	return 0;
}

static int put_row(struct merge *m, const struct snapshot_row *r, struct err *e)
{
	struct snapshot_hot hot = {r->key, r->mark};

	if (r->gone)
		return 0;
	return put(m, &hot, r->version, slice_of(r->text, r->text_n),
		   slice_of(r->kept, r->kept_n), e);
}

/* Both are in order: the row wins over the old entry of its key, *at. */
static int merge_row(struct merge *m, const struct snapshot *old, size_t *at,
		     const struct snapshot_row *row, struct err *e)
{
	size_t from = *at;
	int order = -1;

	while (*at < old->n) {
		order = hash_order(old->hot[*at].key, row->key);
		if (order >= 0)
			break;
		++*at;
	}
	if (put_all(m, old, from, *at, e) < 0)
		return -1;
	*at += order == 0;
	return put_row(m, row, e);
}

static int merge(struct merge *m, const struct snapshot *old,
		 const struct snapshot_feed *feed, struct err *e)
{
	const struct snapshot_row *row;
	size_t at = 0, n;
	int rc;

	feed->rewind(feed->ctx);
	while ((rc = feed->next(feed->ctx, &row, &n, e)) > 0) {
		for (size_t k = 0; k < n; k++) {
			if (k + AHEAD < n) /* texts are in no order */
				__builtin_prefetch(row[k + AHEAD].text);
			if (merge_row(m, old, &at, &row[k], e) < 0)
				return -1;
		}
	}
	if (rc < 0)
		return -1;
	if (put_all(m, old, at, old->n, e) < 0)
		return -1;
	if (section_flush(&m->hot, e) < 0 || section_flush(&m->cold, e) < 0)
		return -1;
	return section_flush(&m->text, e);
}

/* What the rows make of the lengths of the parts. */
static int count_rows(const struct snapshot *old,
		      const struct snapshot_feed *feed, size_t *keys,
		      size_t *text_n, struct err *e)
{
	const struct snapshot_row *row;
	size_t n;
	int rc;

	feed->rewind(feed->ctx);
	while ((rc = feed->next(feed->ctx, &row, &n, e)) > 0) {
		for (size_t k = 0; k < n; k++) {
			int64_t i = snapshot_find(old, row[k].key);

			if (i >= 0) {
				--*keys;
				*text_n -= snapshot_text(old, (size_t)i).n +
					   snapshot_kept(old, (size_t)i).n;
			}
			if (!row[k].gone) {
				++*keys;
				*text_n += row[k].text_n + row[k].kept_n;
			}
		}
	}
	return rc;
}

/* How long the parts of the new file will be, before it is written. */
static int count(const struct snapshot *old, const struct snapshot_feed *feed,
		 struct snapshot_part part[SNAPSHOT_PARTS], struct err *e)
{
	size_t keys = old->n, text_n = old->text.n;

	if (feed->counted) {
		keys = feed->n;
		text_n = feed->text_n;
	} else if (count_rows(old, feed, &keys, &text_n, e) < 0) {
		return -1;
	}
	part[SNAPSHOT_COLUMNS].n = old->columns.n;
	part[SNAPSHOT_HOT].n = keys * sizeof(struct snapshot_hot);
	part[SNAPSHOT_COLD].n = keys * sizeof(struct snapshot_cold);
	part[SNAPSHOT_TEXT].n = text_n;
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++)
		part[SNAPSHOT_NOTE + i].n = old->note[i].n;
	return 0;
}

static void section_init(struct section *c, int fd, size_t at)
{
	*c = (struct section){
		.fd = fd, .at = (off_t)at, .sum = hash_long_new(1)};
}

static uint64_t section_sum(struct section *c)
{
	uint64_t sum = hash_long_end(c->sum).lo;

	buf_clear(&c->b);
	return sum;
}

/* A note that is not there has no entry in the table. */
static bool is_there(const struct snapshot_part part[SNAPSHOT_PARTS], size_t i)
{
	return i < SNAPSHOT_NOTE || part[i].n > 0;
}

/* Where the parts start; returns the end of the last. */
static size_t place(struct snapshot_header *h,
		    struct snapshot_part part[SNAPSHOT_PARTS],
		    size_t at[SNAPSHOT_PARTS])
{
	size_t end;

	for (uint32_t i = 0; i < SNAPSHOT_PARTS; i++) {
		part[i].number = i;
		h->parts += is_there(part, i);
	}
	end = snapshot_align(sizeof(*h)) + h->parts * sizeof(*part);
	for (size_t i = 0; i < SNAPSHOT_PARTS; i++) {
		at[i] = snapshot_align(end);
		if (is_there(part, i))
			end = at[i] + part[i].n;
	}
	return end;
}

static int write_head(int fd, struct snapshot_header *h,
		      const struct snapshot_part all[SNAPSHOT_PARTS],
		      struct err *e)
{
	struct snapshot_part part[SNAPSHOT_PARTS];
	size_t n = 0;

	for (size_t i = 0; i < SNAPSHOT_PARTS; i++) {
		if (is_there(all, i))
			part[n++] = all[i];
	}
	h->parts_sum = snapshot_sum(part, n * sizeof(*part));
	h->sum = snapshot_sum(h, offsetof(struct snapshot_header, sum));
	if (put_at(fd, (const char *)part, n * sizeof(*part),
		   (off_t)snapshot_align(sizeof(*h)), e) < 0)
		return -1;
	return put_at(fd, (const char *)h, sizeof(*h), 0, e);
}

/* A part that is there already, whole. */
static int write_part(int fd, struct snapshot_part *part, struct slice bytes,
		      size_t at, struct err *e)
{
	part->sum = snapshot_sum(bytes.p, bytes.n);
	return put_at(fd, bytes.p, bytes.n, (off_t)at, e);
}

static int write_all(int fd, const struct snapshot *old,
		     const struct snapshot_feed *feed,
		     struct snapshot_header *h, struct err *e)
{
	struct snapshot_part part[SNAPSHOT_PARTS] = {{0}};
	size_t at[SNAPSHOT_PARTS], end;
	struct merge m = {0};
	int rc;

	if (count(old, feed, part, e) < 0)
		return -1;
	h->n = part[SNAPSHOT_HOT].n / sizeof(struct snapshot_hot);
	end = place(h, part, at);
	section_init(&m.hot, fd, at[SNAPSHOT_HOT]);
	section_init(&m.cold, fd, at[SNAPSHOT_COLD]);
	section_init(&m.text, fd, at[SNAPSHOT_TEXT]);
	rc = merge(&m, old, feed, e);
	part[SNAPSHOT_HOT].sum = section_sum(&m.hot);
	part[SNAPSHOT_COLD].sum = section_sum(&m.cold);
	part[SNAPSHOT_TEXT].sum = section_sum(&m.text);
	if (rc == 0)
		rc = write_part(fd, &part[SNAPSHOT_COLUMNS], old->columns,
				at[SNAPSHOT_COLUMNS], e);
	for (size_t i = SNAPSHOT_NOTE; rc == 0 && i < SNAPSHOT_PARTS; i++)
		rc = write_part(fd, &part[i], old->note[i - SNAPSHOT_NOTE],
				at[i], e);
	/* an empty last part leaves the file short of its length */
	if (rc == 0 && ftruncate(fd, (off_t)end) < 0)
		rc = failed(fd, e);
	return rc == 0 ? write_head(fd, h, part, e) : -1;
}

static struct snapshot_header header(const struct snapshot *old,
				     uint64_t generation)
{
	struct snapshot_header h = {
		.version = SNAPSHOT_VERSION,
		.order = SNAPSHOT_ORDER,
		.seed = old->seed,
		.generation = generation,
	};

	memcpy(h.magic, SNAPSHOT_MAGIC, sizeof(h.magic));
	return h;
}

int snapshot_write_from(const struct snapshot *old,
			const struct snapshot_feed *feed, uint64_t generation,
			const char *path, struct err *e)
{
	struct snapshot_header h = header(old, generation);
	struct file_new f = {0};
	int rc;

	if (file_begin(&f, path, e) < 0)
		return -1;
	rc = write_all(f.fd, old, feed, &h, e);
	if (rc == 0)
		rc = file_commit(&f, e);
	file_abandon(&f);
	return rc;
}

int snapshot_write_mapped(struct snapshot *s, const struct snapshot_feed *feed,
			  const char *dir, struct err *e)
{
	static const struct snapshot none;
	struct snapshot_header h = header(&none, 0);
	int fd = temp_file(dir, e), rc;

	if (fd < 0)
		return -1;
	rc = write_all(fd, &none, feed, &h, e);
	if (rc == 0)
		rc = snapshot_open_fd(s, fd, e) < 0 ? -1 : 0;
	close(fd);
	return rc;
}

/* All rows as one batch. */
struct one_batch {
	const struct snapshot_row *row;
	size_t n;
	bool given;
};

static int give_batch(void *ctx, const struct snapshot_row **row, size_t *n,
		      struct err *e)
{
	struct one_batch *b = ctx;

	(void)e;
	*row = b->row;
	*n = b->n;
	b->given = !b->given;
	return b->given;
}

static void rewind_batch(void *ctx)
{
	struct one_batch *b = ctx;

	b->given = false;
}

int snapshot_write(const struct snapshot *old, const struct snapshot_row *row,
		   size_t n, uint64_t generation, const char *path,
		   struct err *e)
{
	struct one_batch b = {.row = row, .n = n};
	const struct snapshot_feed feed = {
		.next = give_batch, .rewind = rewind_batch, .ctx = &b};

	return snapshot_write_from(old, &feed, generation, path, e);
}
