/* snapshot_write.c - writes the file of a snapshot. */
#include <assert.h>
#include <unistd.h>

#include "core/file.h"
#include "core/temp.h"
#include "diff/state/snapshot_layout.h"
#include "diff/state/snapshot_part.h"
#include "diff/state/snapshot_section.h"

enum {
	SECTION_BUFFER = SNAPSHOT_SECTION_BUFFER,
	AHEAD = 16 /* rows to prefetch ahead of copying a text */
};

struct merge {
	struct snapshot_section_thread thread;
	struct snapshot_section hot, cold, text, over;
	uint64_t text_at;

	/* for an incremental file */
	const struct snapshot_stack *below;
	struct buf overs; /* what each row supersedes, in order */
	size_t row;       /* the next of them to write */
};

static int put(struct merge *m, const struct snapshot_hot *hot,
	       uint32_t version, struct slice text, struct slice kept,
	       struct err *e)
{
	struct snapshot_cold cold =
		snapshot_cold_of(version, m->text_at, text.n);

	m->text_at += text.n + kept.n;
	if (snapshot_section_add(&m->hot, hot, sizeof(*hot), e) < 0 ||
	    snapshot_section_add(&m->cold, &cold, sizeof(cold), e) < 0 ||
	    snapshot_section_add(&m->text, text.p, text.n, e) < 0)
		return -1;
	return snapshot_section_add(&m->text, kept.p, kept.n, e);
}

static int put_old(struct merge *m, const struct snapshot *old, size_t i,
		   struct err *e)
{
	struct snapshot_hot hot = {old->hot[i].key, snapshot_mark(old, i)};

	return put(m, &hot, snapshot_version(old, i), snapshot_text(old, i),
		   snapshot_kept(old, i), e);
}

/* The texts and values of the old entries from `from` up to `to`. */
static struct slice texts_of(const struct snapshot *old, size_t from, size_t to)
{
	const char *p = snapshot_text(old, from).p;
	struct slice last = snapshot_kept(old, to - 1);

	return slice_of(p, (size_t)(last.p + last.n - p));
}

/* Copies as many consecutive old entries as are worth one copy: returns their
 * number, or 0 with *e set.
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

		if (snapshot_section_add(&m->cold, &cold, sizeof(cold), e) < 0)
			return 0;
	}
	m->text_at += text.n;
	if (snapshot_section_add(&m->hot, &old->hot[from],
				 n * sizeof(*old->hot), e) < 0 ||
	    snapshot_section_add(&m->text, text.p, text.n, e) < 0)
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

/* The position that a row of an incremental file supersedes, or NONE. */
static uint32_t over_of(const struct snapshot_stack *below,
			const struct snapshot_row *r)
{
	int64_t at = snapshot_newest(below->old, r->key, below->files);

	return at < 0 ? SNAPSHOT_NONE : (uint32_t)at;
}

/* Whether the files below have the key. */
static bool is_below(const struct snapshot_stack *below, uint32_t over)
{
	return over != SNAPSHOT_NONE && !snapshot_is_out(below->old, over);
}

static int put_over(struct merge *m, const struct snapshot_row *r,
		    struct err *e)
{
	const struct snapshot_hot out = {.key = r->key};
	uint32_t over;

	memcpy(&over, m->overs.p + m->row++ * sizeof(over), sizeof(over));
	if (r->gone && !is_below(m->below, over))
		return 0;
	if (snapshot_section_add(&m->over, &over, sizeof(over), e) < 0)
		return -1;
	if (r->gone) /* each entry needs a text */
		return put(m, &out, 0, slice_str(" "), slice_of(NULL, 0), e);
	return put(m, &(struct snapshot_hot){r->key, r->mark}, r->version,
		   slice_of(r->text, r->text_n), slice_of(r->kept, r->kept_n),
		   e);
}

static int put_row(struct merge *m, const struct snapshot_row *r, struct err *e)
{
	struct snapshot_hot hot = {r->key, r->mark};

	if (m->below)
		return put_over(m, r, e);
	if (r->gone)
		return 0;
	return put(m, &hot, r->version, slice_of(r->text, r->text_n),
		   slice_of(r->kept, r->kept_n), e);
}

/* Copies old entries up to the key of the row, which supersedes an old entry of
 * that key. Both are ordered.
 */
static int merge_row(struct merge *m, const struct snapshot *old, size_t *at,
		     const struct snapshot_row *row, struct err *e)
{
	size_t from = *at;
	int order = -1;

	while (*at < old->base) {
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
			if (k + AHEAD < n) /* their texts are not ordered */
				__builtin_prefetch(row[k + AHEAD].text);
			if (merge_row(m, old, &at, &row[k], e) < 0)
				return -1;
		}
	}
	if (rc < 0)
		return -1;
	if (put_all(m, old, at, old->base, e) < 0 ||
	    snapshot_section_end(&m->hot, e) < 0 ||
	    snapshot_section_end(&m->cold, e) < 0 ||
	    snapshot_section_end(&m->text, e) < 0)
		return -1;
	return snapshot_section_end(&m->over, e);
}

/* The lengths of the parts, from the counted rows. */
struct lengths {
	size_t entries, text_n;
	uint64_t keys; /* of an incremental file: keys of all files */
};

static void count_row(const struct snapshot *old, const struct snapshot_row *r,
		      struct lengths *l)
{
	int64_t i = snapshot_find(old, r->key);

	if (i >= 0) {
		l->entries--;
		l->text_n -= snapshot_text(old, (size_t)i).n +
			     snapshot_kept(old, (size_t)i).n;
	}
	if (!r->gone) {
		l->entries++;
		l->text_n += r->text_n + r->kept_n;
	}
}

static void count_over(struct merge *m, const struct snapshot_row *r,
		       struct lengths *l)
{
	uint32_t over = over_of(m->below, r);
	bool was = is_below(m->below, over);

	buf_add(&m->overs, &over, sizeof(over));
	if (r->gone && !was)
		return;
	l->entries++;
	l->text_n += r->gone ? 1 : r->text_n + r->kept_n;
	l->keys += !r->gone;
	l->keys -= was;
}

static int count_rows(struct merge *m, const struct snapshot *old,
		      const struct snapshot_feed *feed, struct lengths *l,
		      struct err *e)
{
	const struct snapshot_row *row;
	size_t n;
	int rc;

	feed->rewind(feed->ctx);
	while ((rc = feed->next(feed->ctx, &row, &n, e)) > 0) {
		for (size_t k = 0; k < n; k++) {
			if (m->below)
				count_over(m, &row[k], l);
			else
				count_row(old, &row[k], l);
		}
	}
	return rc;
}

/* The size of the checksums of all blocks. */
static size_t sums_n(const struct snapshot_part part[SNAPSHOT_PARTS])
{
	size_t n = 0;

	for (size_t i = 0; i < SNAPSHOT_BLOCKED; i++)
		n += snapshot_n_blocks(part[snapshot_blocked[i]].n);
	return n * sizeof(uint64_t);
}

/* Calculates the lengths of the parts of the new file, before it is written. */
static int count(struct merge *m, const struct snapshot *old,
		 const struct snapshot_feed *feed,
		 struct snapshot_part part[SNAPSHOT_PARTS],
		 struct snapshot_keys *keys, struct err *e)
{
	struct lengths l = {.entries = old->base, .text_n = old->text.n};

	if (m->below)
		l.keys = m->below->old->file[m->below->files - 1].keys;
	if (feed->counted) {
		l.entries = feed->n;
		l.text_n = feed->text_n;
	} else if (count_rows(m, old, feed, &l, e) < 0) {
		return -1;
	}
	part[SNAPSHOT_COLUMNS].n = old->columns.n;
	part[SNAPSHOT_HOT].n = l.entries * sizeof(struct snapshot_hot);
	part[SNAPSHOT_COLD].n = l.entries * sizeof(struct snapshot_cold);
	part[SNAPSHOT_TEXT].n = l.text_n;
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++)
		part[SNAPSHOT_NOTE + i].n = old->note[i].n;
	if (m->below) {
		part[SNAPSHOT_OVER].n = l.entries * sizeof(uint32_t);
		part[SNAPSHOT_BELOW].n =
			sizeof(struct snapshot_keys) +
			m->below->files * sizeof(struct snapshot_lower);
	}
	part[SNAPSHOT_SUMS].n = sums_n(part);
	keys->keys = l.keys;
	return 0;
}

/* Writes the part `below` and the checksums of the blocks. */
static int write_own(int fd, const struct merge *m,
		     const struct snapshot_keys *keys,
		     struct snapshot_part part[SNAPSHOT_PARTS],
		     const size_t at[SNAPSHOT_PARTS], struct err *e)
{
	struct buf b = {0};
	int rc = 0;

	if (m->below)
		buf_add(&b, keys, sizeof(*keys));
	for (size_t k = 0; m->below && k < m->below->files; k++) {
		const struct snapshot_file *f = &m->below->old->file[k];
		const struct snapshot_lower x = {
			.generation = f->generation, .n = f->n, .sum = f->sum};

		buf_add(&b, &x, sizeof(x));
	}
	if (m->below)
		rc = snapshot_layout_part(fd, &part[SNAPSHOT_BELOW],
					  buf_all(&b), at[SNAPSHOT_BELOW], e);
	b.n = 0;
	buf_slice(&b, buf_all(&m->hot.sums));
	buf_slice(&b, buf_all(&m->cold.sums));
	buf_slice(&b, buf_all(&m->text.sums));
	buf_slice(&b, buf_all(&m->over.sums));
	if (rc == 0)
		rc = snapshot_layout_part(fd, &part[SNAPSHOT_SUMS], buf_all(&b),
					  at[SNAPSHOT_SUMS], e);
	buf_clear(&b);
	return rc;
}

static int write_all(int fd, struct merge *m, const struct snapshot *old,
		     const struct snapshot_feed *feed,
		     struct snapshot_header *h, struct err *e)
{
	struct snapshot_part part[SNAPSHOT_PARTS] = {{0}};
	struct snapshot_keys keys = {0};
	size_t at[SNAPSHOT_PARTS], end;
	struct err ignored;
	int rc;

	if (count(m, old, feed, part, &keys, e) < 0)
		return -1;
	h->n = part[SNAPSHOT_HOT].n / sizeof(struct snapshot_hot);
	end = snapshot_layout_place(h, part, at);
	snapshot_section_begin(&m->thread, fd);
	snapshot_section_init(&m->hot, &m->thread, at[SNAPSHOT_HOT]);
	snapshot_section_init(&m->cold, &m->thread, at[SNAPSHOT_COLD]);
	snapshot_section_init(&m->text, &m->thread, at[SNAPSHOT_TEXT]);
	snapshot_section_init(&m->over, &m->thread, at[SNAPSHOT_OVER]);
	rc = merge(m, old, feed, e);
	if (snapshot_section_done(&m->thread, rc == 0 ? e : &ignored) < 0)
		rc = -1;
	if (rc == 0)
		rc = write_own(fd, m, &keys, part, at, e);
	snapshot_section_clear(&m->hot);
	snapshot_section_clear(&m->cold);
	snapshot_section_clear(&m->text);
	snapshot_section_clear(&m->over);
	if (rc == 0)
		rc = snapshot_layout_part(fd, &part[SNAPSHOT_COLUMNS],
					  old->columns, at[SNAPSHOT_COLUMNS],
					  e);
	for (size_t i = 0; rc == 0 && i < SNAPSHOT_NOTES; i++)
		rc = snapshot_layout_part(fd, &part[SNAPSHOT_NOTE + i],
					  old->note[i], at[SNAPSHOT_NOTE + i],
					  e);
	/* if the last part is empty, the file is too short */
	if (rc == 0 && ftruncate(fd, (off_t)end) < 0)
		rc = snapshot_section_failed(fd, e);
	return rc == 0 ? snapshot_layout_head(fd, h, part, e) : -1;
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

static int write_file(struct merge *m, const struct snapshot *old,
		      const struct snapshot_feed *feed, uint64_t generation,
		      const char *path, struct err *e)
{
	struct snapshot_header h = header(old, generation);
	struct file_new f = {0};
	int rc;

	if (file_begin(&f, path, e) < 0)
		return -1;
	rc = write_all(f.fd, m, old, feed, &h, e);
	/* the files below must have been undamaged */
	if (rc == 0 && m->below)
		rc = snapshot_sound(m->below->old, e);
	if (rc == 0)
		rc = file_commit(&f, e);
	file_abandon(&f);
	return rc;
}

int snapshot_write_over(const struct snapshot_stack *below,
			const struct snapshot_feed *feed, uint64_t generation,
			const char *path, struct err *e)
{
	struct merge m = {.below = below};
	int rc;
	struct snapshot head = {.seed = below->old->seed,
				.columns = below->old->columns};

	memcpy(head.note, below->old->note, sizeof(head.note));
	rc = write_file(&m, &head, feed, generation, path, e);
	buf_clear(&m.overs);
	return rc;
}

int snapshot_write_from(const struct snapshot *old,
			const struct snapshot_feed *feed, uint64_t generation,
			const char *path, struct err *e)
{
	struct snapshot_fold fold;
	struct snapshot low;
	struct merge m = {.below = NULL};
	int rc;

	assert(old->index || old->places == 0);
	if (old->files < 2)
		return write_file(&m, old, feed, generation, path, e);
	low = *old;
	low.files = 1;
	low.past = NULL;
	low.n = low.places = low.base;
	snapshot_fold_init(&fold, old, 1, feed);
	rc = write_file(&m, &low, &fold.feed, generation, path, e);
	snapshot_fold_clear(&fold);
	return rc;
}

int snapshot_write_mapped(struct snapshot *s, const struct snapshot_feed *feed,
			  const char *dir, struct err *e)
{
	static const struct snapshot none;
	struct snapshot_header h = header(&none, 0);
	struct merge m = {.below = NULL};
	int fd = temp_file(dir, e), rc;

	if (fd < 0)
		return -1;
	rc = write_all(fd, &m, &none, feed, &h, e);
	if (rc == 0)
		rc = snapshot_open_fd(s, fd, e) < 0 ? -1 : 0;
	close(fd);
	return rc;
}

int snapshot_write(const struct snapshot *old, const struct snapshot_row *row,
		   size_t n, uint64_t generation, const char *path,
		   struct err *e)
{
	struct snapshot_fold_batch b = {.row = row, .n = n};
	const struct snapshot_feed feed = snapshot_fold_batch_feed(&b);

	return snapshot_write_from(old, &feed, generation, path, e);
}
