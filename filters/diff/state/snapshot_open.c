/* snapshot_open.c - reads the files of a snapshot, of all formats. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/file_map.h"
#include "core/mem.h"
#include "diff/state/snapshot_part.h"

/* The header of format 1: four parts, of which only hot is aligned. */
struct header_1 {
	char magic[8];
	uint32_t version, order;
	uint64_t n, text_n, columns_n;
	uint64_t seed, generation;
	uint64_t columns_sum, hot_sum, cold_sum, text_sum;
	uint64_t sum;
};

/* ---- the parts --------------------------------------------------------- */

/* The parts that were read so far. */
struct snapshot_reading {
	struct slice part[SNAPSHOT_PARTS];
	size_t at; /* end of the part read last */
};

static bool has_blocks(const struct snapshot_file *f, unsigned number)
{
	for (size_t i = 0; f->version > 3 && i < SNAPSHOT_BLOCKED; i++) {
		if (snapshot_blocked[i] == number)
			return true;
	}
	return false;
}

/* Reads the next part of the file: NULL, or what is wrong. */
static const char *take_part(struct snapshot_reading *r,
			     const struct snapshot_file *f,
			     const struct snapshot_part *x)
{
	uint64_t sum = 0;

	if (r->at > f->map.n || x->n > f->map.n - r->at)
		return "length";
	r->part[x->number] = slice_of(f->map.p + r->at, x->n);
	r->at += x->n;
	if (!has_blocks(f, x->number))
		sum = snapshot_sum(r->part[x->number].p, x->n);
	return sum == x->sum ? NULL : "checksum";
}

static const char *read_1(struct snapshot_file *f, struct snapshot_reading *r)
{
	struct header_1 h;
	struct snapshot_part part[4];
	const char *wrong = NULL;

	if (f->map.n < sizeof(h))
		return "too short";
	memcpy(&h, f->map.p, sizeof(h));
	if (snapshot_sum(&h, offsetof(struct header_1, sum)) != h.sum)
		return "header";
	if (h.n >= UINT32_MAX)
		return "length";
	part[0] = (struct snapshot_part){SNAPSHOT_COLUMNS, 0, h.columns_n,
					 h.columns_sum};
	part[1] = (struct snapshot_part){SNAPSHOT_HOT, 0, h.n * sizeof(*f->hot),
					 h.hot_sum};
	part[2] = (struct snapshot_part){SNAPSHOT_COLD, 0,
					 h.n * sizeof(*f->cold), h.cold_sum};
	part[3] =
		(struct snapshot_part){SNAPSHOT_TEXT, 0, h.text_n, h.text_sum};
	r->at = snapshot_align(sizeof(h));
	for (size_t i = 0; i < COUNT_OF(part) && !wrong; i++) {
		if (part[i].number == SNAPSHOT_HOT)
			r->at = snapshot_align(r->at);
		wrong = take_part(r, f, &part[i]);
	}
	f->n = h.n;
	f->seed = h.seed;
	f->generation = h.generation;
	f->plain = true;
	return wrong;
}

/* A part with another number was written by a newer version. */
static bool is_known(const struct snapshot_file *f, uint32_t number)
{
	if (number < SNAPSHOT_NOTE + SNAPSHOT_NOTES)
		return true;
	return f->version > 3 && number >= SNAPSHOT_SUMS &&
	       number < SNAPSHOT_PARTS;
}

/* Reads the table and its parts. The parts are in order, without duplicates. */
static const char *read_table(struct snapshot_file *f,
			      struct snapshot_reading *r,
			      const struct snapshot_header *h)
{
	struct snapshot_part part[SNAPSHOT_PARTS];

	r->at = snapshot_align(sizeof(*h));
	if (h->parts > SNAPSHOT_PARTS)
		return "a section that this rudder-diff does not support";
	if (r->at + h->parts * sizeof(*part) > f->map.n)
		return "length";
	memcpy(part, f->map.p + r->at, h->parts * sizeof(*part));
	if (snapshot_sum(part, h->parts * sizeof(*part)) != h->parts_sum)
		return "header";
	r->at += h->parts * sizeof(*part);
	for (size_t i = 0; i < h->parts; i++) {
		const char *wrong;

		if (!is_known(f, part[i].number))
			return "a section that this rudder-diff does not "
			       "support";
		if (i > 0 && part[i].number <= part[i - 1].number)
			return "order";
		r->at = snapshot_align(r->at);
		wrong = take_part(r, f, &part[i]);
		if (wrong)
			return wrong;
	}
	return NULL;
}

/* Finds the checksums of the blocks of each part. */
static const char *read_sums(struct snapshot_file *f,
			     const struct snapshot_reading *r)
{
	struct slice sums = r->part[SNAPSHOT_SUMS];

	for (size_t i = 0; i < SNAPSHOT_BLOCKED; i++) {
		struct slice part = r->part[snapshot_blocked[i]];
		size_t n = snapshot_n_blocks(part.n);

		if (n > sums.n / sizeof(uint64_t))
			return "length";
		f->blocks[i].part = part;
		f->blocks[i].checked = mem_zero(n / 8 + 1);
		if (n == 0)
			continue;
		f->blocks[i].sum = sums.p;
		sums = slice_of(sums.p + n * sizeof(uint64_t),
				sums.n - n * sizeof(uint64_t));
	}
	return sums.n == 0 ? NULL : "length";
}

/* Reads the parts that only an incremental file has. */
static const char *read_below(struct snapshot_file *f,
			      const struct snapshot_reading *r)
{
	struct snapshot_keys keys;
	struct slice below = r->part[SNAPSHOT_BELOW];
	size_t n;

	if (below.n == 0)
		return r->part[SNAPSHOT_OVER].n == 0 ? NULL : "length";
	if (below.n < sizeof(keys) ||
	    (below.n - sizeof(keys)) % sizeof(struct snapshot_lower) != 0 ||
	    r->part[SNAPSHOT_OVER].n != f->n * sizeof(*f->over))
		return "length";
	memcpy(&keys, below.p, sizeof(keys));
	f->keys = keys.keys;
	f->below = slice_of(below.p + sizeof(keys), below.n - sizeof(keys));
	n = f->below.n / sizeof(struct snapshot_lower);
	if (n < 1 || n >= SNAPSHOT_FILES)
		return "length";
	f->over = (const void *)r->part[SNAPSHOT_OVER].p;
	return NULL;
}

static const char *read_parts(struct snapshot_file *f,
			      struct snapshot_reading *r)
{
	struct snapshot_header h;
	const char *wrong;

	if (f->map.n < sizeof(h))
		return "too short";
	memcpy(&h, f->map.p, sizeof(h));
	if (snapshot_sum(&h, offsetof(struct snapshot_header, sum)) != h.sum)
		return "header";
	wrong = read_table(f, r, &h);
	if (wrong)
		return wrong;
	if (h.n >= UINT32_MAX ||
	    r->part[SNAPSHOT_HOT].n != h.n * sizeof(*f->hot) ||
	    r->part[SNAPSHOT_COLD].n != h.n * sizeof(*f->cold))
		return "length";
	f->n = h.n;
	f->keys = h.n;
	f->seed = h.seed;
	f->generation = h.generation;
	f->sum = h.sum;
	wrong = f->version > 3 ? read_sums(f, r) : NULL;
	return wrong ? wrong : read_below(f, r);
}

/* ---- a file ------------------------------------------------------------ */

static int check_head(struct snapshot_file *f, struct err *e)
{
	struct snapshot_reading r = {.at = 0};
	const char *wrong;
	uint32_t words[2];

	if (f->map.n < 8 + sizeof(words))
		return snapshot_file_damaged(f->path, "too short", e);
	if (memcmp(f->map.p, SNAPSHOT_MAGIC, 8) != 0)
		return err_names(e, ERR_CONFIG,
				 "'%s' is damaged, or not a snapshot of "
				 "rudder-diff; see 'damaged state' in "
				 "rudder-sync(7)",
				 f->path);
	memcpy(words, f->map.p + 8, sizeof(words));
	if (words[1] != SNAPSHOT_ORDER)
		return err_names(e, ERR_CONFIG,
				 "'%s' is damaged, or from a machine with a "
				 "different byte order; see 'damaged state' in "
				 "rudder-sync(7)",
				 f->path);
	if (words[0] < 1 || words[0] > SNAPSHOT_VERSION)
		return err_names(
			e, ERR_CONFIG,
			"'%s' has format %u; this rudder-diff supports "
			"formats 1 to %d",
			f->path, words[0], SNAPSHOT_VERSION);
	f->version = words[0];
	wrong = words[0] == 1 ? read_1(f, &r) : read_parts(f, &r);
	if (!wrong && r.at != f->map.n)
		wrong = "length";
	if (wrong)
		return snapshot_file_damaged(f->path, wrong, e);
	if (words[0] == 1)
		f->keys = f->n;
	f->columns = r.part[SNAPSHOT_COLUMNS];
	f->hot = (const void *)r.part[SNAPSHOT_HOT].p;
	f->cold = (const void *)r.part[SNAPSHOT_COLD].p;
	f->text = r.part[SNAPSHOT_TEXT];
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++)
		f->note[i] = r.part[SNAPSHOT_NOTE + i];
	return 1;
}

static int open_file(struct snapshot_file *f, const char *path, int rc,
		     struct err *e)
{
	f->path = mem_copy(path, strlen(path));
	if (rc > 0)
		rc = check_head(f, e);
	if (rc <= 0)
		snapshot_file_clear(f);
	return rc;
}

int snapshot_open_file(struct snapshot_file *f, const char *path, struct err *e)
{
	*f = (struct snapshot_file){0};
	return open_file(f, path, file_map(&f->map, path, e), e);
}

/* ---- all files --------------------------------------------------------- */

static int open_lower(struct snapshot_file *f, const struct snapshot_lower *x,
		      const char *path, struct err *e)
{
	struct buf name = {0};
	int rc;

	snapshot_lower_path(&name, path, x->generation);
	rc = snapshot_open_file(f, buf_cstr(&name), e);
	if (rc == 0)
		err_names(e, ERR_CONFIG,
			  "'%s' needs '%s', which is not there; see 'damaged "
			  "state' in rudder-sync(7)",
			  path, buf_cstr(&name));
	if (rc > 0 && (f->version < 4 || f->sum != x->sum || f->n != x->n ||
		       f->generation != x->generation)) {
		rc = err_names(e, ERR_CONFIG,
			       "'%s' is not the file that '%s' needs; see "
			       "'damaged state' in rudder-sync(7)",
			       buf_cstr(&name), path);
		snapshot_file_clear(f);
	}
	buf_clear(&name);
	return rc;
}

/* Takes the head and the notes of the snapshot from the newest file. */
static void take_newest(struct snapshot *s)
{
	const struct snapshot_file *top = &s->file[s->files - 1];
	const struct snapshot_file *low = s->file;

	for (size_t k = 0; k < s->files; k++) {
		s->file[k].first = s->places;
		s->places += s->file[k].n;
	}
	s->hot = low->hot;
	s->cold = low->cold;
	s->text = low->text;
	s->base = low->n;
	s->plain = low->plain;
	s->lineless = low->version < 3;
	s->n = top->keys;
	s->seed = top->seed;
	s->generation = top->generation;
	s->columns = top->columns;
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++)
		s->note[i] = top->note[i];
}

/* Opens the files below: 1, 0 if one is missing, -1. */
static int open_all(struct snapshot *s, struct snapshot_file *top,
		    struct err *e)
{
	size_t lower = top->below.n / sizeof(struct snapshot_lower);
	uint64_t bytes = top->map.n;
	int rc = 1;

	s->file = mem_zero((lower + 1) * sizeof(*s->file));
	s->file[lower] = *top;
	s->files = lower + 1;
	for (size_t k = 0; k < lower && rc > 0; k++) {
		struct snapshot_lower x;

		memcpy(&x, top->below.p + k * sizeof(x), sizeof(x));
		rc = open_lower(&s->file[k], &x, s->file[lower].path, e);
		bytes += s->file[k].map.n;
	}
	if (rc <= 0)
		return rc;
	take_newest(s);
	if (s->places >= UINT32_MAX)
		return snapshot_file_damaged(s->file[lower].path, "length", e);
	if (s->file->version < 4 || bytes <= snapshot_small())
		return snapshot_whole(s, e) < 0 ? -1 : 1;
	return 1;
}

/* Whether the file at the path was replaced since. */
static bool is_replaced(const char *path, const struct stat *was)
{
	struct stat now;

	return stat(path, &now) == 0 &&
	       (now.st_ino != was->st_ino ||
		now.st_mtim.tv_nsec != was->st_mtim.tv_nsec ||
		now.st_mtim.tv_sec != was->st_mtim.tv_sec);
}

int snapshot_open(struct snapshot *s, const char *path, struct err *e)
{
	enum { TRIES = 100 };
	struct snapshot_file top;
	struct stat was = {0};
	int rc = 0;

	/* a commit may remove files below while they are opened without a lock:
	 * try again with the new snapshot
	 */
	for (int i = 0; i < TRIES; i++) {
		*s = (struct snapshot){0};
		if (stat(path, &was) < 0)
			was = (struct stat){0};
		rc = snapshot_open_file(&top, path, e);
		if (rc <= 0)
			return rc;
		rc = open_all(s, &top, e);
		if (rc > 0)
			return 1;
		snapshot_clear(s);
		if (rc < 0 || !is_replaced(path, &was))
			break;
	}
	return -1;
}

int snapshot_open_fd(struct snapshot *s, int fd, struct err *e)
{
	static const char name[] = "a temporary file";
	struct snapshot_file f = {0};
	int rc;

	*s = (struct snapshot){0};
	rc = open_file(&f, name, file_map_fd(&f.map, fd, name, e), e);
	if (rc > 0)
		rc = open_all(s, &f, e);
	if (rc > 0 && snapshot_whole(s, e) < 0)
		rc = -1;
	if (rc <= 0)
		snapshot_clear(s);
	return rc > 0 ? 1 : -1;
}
