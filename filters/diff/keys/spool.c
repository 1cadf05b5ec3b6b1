#include "diff/keys/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/reader.h"
#include "core/temp.h"

enum {
	CHUNK_MIN = 512,
	CHUNK_MAX = 64 * 1024,
	BLOCK = 512,       /* bytes of a part in one block */
	SLAB = 256 * 1024, /* bytes of one allocation for blocks */
	PER_SLAB = SLAB / BLOCK,
	AHEAD = 4,  /* blocks to prefetch before copying */
	SMALL = 16, /* slabs allocated one by one; later ones by 16 */
};
#define REGION ((size_t)SMALL * SLAB)
_Static_assert(REGION % MEM_HUGE == 0, "regions are huge pages");

/* Marks the number of a block in memory, not of a chunk in the file. */
#define HELD ((uint32_t)1 << 31)

struct spool_part {
	struct buf b;    /* bytes that do not fill a block or chunk yet */
	uint32_t *chunk; /* blocks first, then chunks */
	size_t n, size;
	size_t blocks;
};

void spool_init(struct spool *s, const char *dir, unsigned parts, size_t memory,
		size_t fixed)
{
	size_t chunk = memory / parts / CHUNK_MIN * CHUNK_MIN;

	if (chunk < CHUNK_MIN)
		chunk = CHUNK_MIN;
	if (chunk > CHUNK_MAX)
		chunk = CHUNK_MAX;
	*s = (struct spool){
		.dir = dir,
		.fd = -1,
		.chunk = chunk,
		.fixed = fixed,
		.part = mem_zero(parts * sizeof(*s->part)),
		.n = parts,
	};
}

void spool_hold(struct spool *s, uint64_t bytes)
{
	s->hold = bytes;
}

void spool_clear(struct spool *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		buf_clear(&s->part[i].b);
		free(s->part[i].chunk);
	}
	for (size_t i = 0; i * PER_SLAB < s->blocks; i++) {
		if (i < SMALL)
			free(s->slab[i]);
		else if (i % SMALL == 0)
			mem_huge_free(s->slab[i], REGION);
	}
	free(s->slab);
	if (s->n > 0 && s->fd >= 0)
		close(s->fd);
	free(s->part);
	buf_clear(&s->in);
	*s = (struct spool){0};
}

/* ---- writing ----------------------------------------------------------- */

static int write_chunk(struct spool *s, const char *p, struct err *e)
{
	if (s->fd < 0)
		s->fd = temp_file(s->dir, e);
	if (s->fd < 0)
		return -1;
	return temp_write(s->fd, p, s->chunk, (uint64_t)s->chunks * s->chunk,
			  s->dir, e);
}

static void note_chunk(struct spool_part *p, uint32_t chunk)
{
	if (p->n == p->size) {
		p->size = p->size ? p->size + p->size / 2 : 16;
		p->chunk = mem_resize(p->chunk, p->size * sizeof(*p->chunk));
	}
	p->chunk[p->n++] = chunk;
}

static char *block(const struct spool *s, size_t i)
{
	return s->slab[i / PER_SLAB] + i % PER_SLAB * BLOCK;
}

/* Page faults would cost more than copying, so large spools use huge pages. */
static char *new_slab(const struct spool *s, size_t i)
{
	if (i < SMALL)
		return mem_resize(NULL, SLAB);
	return i % SMALL == 0 ? mem_huge(REGION) : s->slab[i - 1] + SLAB;
}

static void hold_block(struct spool *s, struct spool_part *p, const char *from)
{
	size_t i = s->blocks++, slabs = i / PER_SLAB;

	if (i % PER_SLAB == 0) {
		if ((slabs & (slabs - 1)) == 0) /* grows at 1, 2, 4 … slabs */
			s->slab = mem_resize(s->slab, (2 * slabs + 1) *
							      sizeof(*s->slab));
		s->slab[slabs] = new_slab(s, slabs);
	}
	memcpy(block(s, i), from, BLOCK);
	note_chunk(p, HELD | (uint32_t)i);
	p->blocks++;
}

/* Whether all records stay in memory, as spool_hold allows. */
static bool is_held(const struct spool *s)
{
	return s->chunks == 0 && s->held <= s->hold && s->blocks < HELD - 1;
}

static int flush(struct spool *s, struct spool_part *p, struct err *e)
{
	size_t at = 0;

	if (is_held(s)) {
		for (; p->b.n - at >= BLOCK; at += BLOCK)
			hold_block(s, p, p->b.p + at);
	} else {
		for (; p->b.n - at >= s->chunk; at += s->chunk) {
			if (write_chunk(s, p->b.p + at, e) < 0)
				return -1;
			note_chunk(p, s->chunks++);
		}
	}
	memmove(p->b.p, p->b.p + at, p->b.n - at);
	p->b.n -= at;
	return 0;
}

struct buf *spool_record(struct spool *s, unsigned part)
{
	struct buf *b = &s->part[part].b;
	uint32_t length = 0;

	s->start = b->n;
	if (s->fixed == 0)
		buf_add(b, &length, sizeof(length));
	return b;
}

int spool_add(struct spool *s, unsigned part, struct err *e)
{
	struct spool_part *p = &s->part[part];

	if (s->fixed == 0) {
		uint32_t length =
			(uint32_t)(p->b.n - s->start - sizeof(uint32_t));

		memcpy(p->b.p + s->start, &length, sizeof(length));
	}
	s->held += p->b.n - s->start;
	return p->b.n < BLOCK || (p->b.n < s->chunk && !is_held(s))
		       ? 0
		       : flush(s, p, e);
}

bool spool_empty(const struct spool *s, unsigned part)
{
	return s->part[part].n == 0 && s->part[part].b.n == 0;
}

uint64_t spool_bytes(const struct spool *s, unsigned part)
{
	const struct spool_part *p = &s->part[part];

	return p->blocks * (uint64_t)BLOCK +
	       (p->n - p->blocks) * (uint64_t)s->chunk + p->b.n;
}

/* ---- reading ----------------------------------------------------------- */

void spool_rewind(struct spool *s, unsigned part)
{
	s->reading = &s->part[part];
	s->at = 0;
	s->in.n = s->used = 0;
}

/* Prefetches a block: the blocks of a part are far from one another. */
static void touch_block(const struct spool *s, size_t at)
{
	enum { LINE = 64 };
	const char *p;

	if (at >= s->reading->blocks)
		return;
	p = block(s, s->reading->chunk[at] & ~HELD);
	for (size_t i = 0; i < BLOCK; i += LINE)
		__builtin_prefetch(p + i);
}

static int read_chunk(struct spool *s, uint32_t chunk, struct err *e)
{
	off_t from = (off_t)chunk * (off_t)s->chunk;
	size_t n = s->chunk;
	char *to;

	if (chunk & HELD) {
		touch_block(s, s->at + AHEAD);
		buf_add(&s->in, block(s, chunk & ~HELD), BLOCK);
		return 0;
	}
	to = buf_room(&s->in, n);

	while (n > 0) {
		ssize_t got = pread(s->fd, to, n, from);

		if (got <= 0)
			return err_sys(e, ERR_IO,
				       "cannot read a temporary file in '%s'",
				       s->dir);
		to += got;
		n -= (size_t)got;
		from += got;
	}
	s->in.n += s->chunk;
	return 0;
}

/* Reads until n bytes are in s->in: 1, or 0 if the part has no more. */
static int fill_input(struct spool *s, size_t n, struct err *e)
{
	while (s->in.n - s->used < n) {
		if (s->used > 0) {
			memmove(s->in.p, s->in.p + s->used, s->in.n - s->used);
			s->in.n -= s->used;
			s->used = 0;
		}
		if (s->at > s->reading->n)
			return 0;
		if (s->at == s->reading->n)
			buf_slice(&s->in, buf_all(&s->reading->b));
		else if (read_chunk(s, s->reading->chunk[s->at], e) < 0)
			return -1;
		s->at++;
	}
	return 1;
}

int spool_next(struct spool *s, struct slice *record, struct err *e)
{
	uint32_t length = (uint32_t)s->fixed;
	int rc;

	if (s->fixed == 0) {
		rc = fill_input(s, sizeof(length), e);
		if (rc <= 0)
			return rc;
		memcpy(&length, s->in.p + s->used, sizeof(length));
		s->used += sizeof(length);
	}
	rc = fill_input(s, length, e);
	if (rc <= 0)
		return rc;
	buf_room(&s->in, READER_PAD);
	*record = slice_of(s->in.p + s->used, length);
	s->used += length;
	return 1;
}

int spool_all(struct spool *s, unsigned part, struct slice *all, struct err *e)
{
	const struct spool_part *p = &s->part[part];

	*all = buf_all(&p->b);
	if (p->n == 0)
		return 0;
	spool_rewind(s, part);
	if (fill_input(s, spool_bytes(s, part), e) < 0)
		return -1;
	*all = buf_all(&s->in);
	return 0;
}
