#include "sync/backlog.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/slice.h"
#include "core/temp.h"

enum { CHUNKS = BACKLOG_MEMORY / BACKLOG_CHUNK };

#define GONE UINT64_MAX /* position of a reader that has left */

struct backlog {
	uint64_t newest; /* number of bytes read */
	uint64_t max;    /* maximum bytes of the file */
	int file;        /* -1: not needed yet */
	size_t n;
	uint64_t *at; /* per reader: number of bytes taken */
	bool in_line;
	char *ring; /* position p is at ring[p % BACKLOG_MEMORY] */
	char chunk[BACKLOG_CHUNK];
};

struct backlog *backlog_new(size_t n_readers, uint64_t max_bytes)
{
	struct backlog *b = mem_zero(sizeof(*b));
	uint64_t over = max_bytes % BACKLOG_CHUNK;

	b->n = n_readers;
	b->at = mem_table(n_readers * sizeof(*b->at));
	b->ring = mem_zero(BACKLOG_MEMORY);
	b->max = over > 0 ? max_bytes - over + BACKLOG_CHUNK : max_bytes;
	b->file = -1;
	return b;
}

void backlog_free(struct backlog *b)
{
	if (!b)
		return;
	if (b->file >= 0)
		close(b->file);
	free(b->ring);
	free(b->at);
	free(b);
}

/* ---- positions --------------------------------------------------------- */

static uint64_t slowest(const struct backlog *b)
{
	uint64_t least = b->newest;

	for (size_t i = 0; i < b->n; i++)
		least = b->at[i] < least ? b->at[i] : least;
	return least;
}

/* The first position still in memory after byte p has been stored. */
static uint64_t oldest_with(uint64_t p)
{
	uint64_t after = p / BACKLOG_CHUNK * BACKLOG_CHUNK + BACKLOG_CHUNK;

	return after > BACKLOG_MEMORY ? after - BACKLOG_MEMORY : 0;
}

static uint64_t oldest(const struct backlog *b)
{
	return b->newest > 0 ? oldest_with(b->newest - 1) : 0;
}

bool backlog_room(const struct backlog *b)
{
	uint64_t least = slowest(b), keep = oldest_with(b->newest);

	least -= least % BACKLOG_CHUNK;
	return least >= keep || keep - least <= b->max;
}

uint64_t backlog_left(const struct backlog *b, size_t i)
{
	return b->at[i] == GONE ? 0 : b->newest - b->at[i];
}

void backlog_leave(struct backlog *b, size_t i)
{
	b->at[i] = GONE;
}

bool backlog_in_line(const struct backlog *b)
{
	return b->in_line;
}

/* ---- the temporary file ------------------------------------------------ */

/* Saves the chunk of memory that byte `newest` will replace, if a reader still
 * needs it.
 */
static int save_chunk(struct backlog *b, struct err *e)
{
	uint64_t from = b->newest - BACKLOG_MEMORY;
	const char *p = b->ring + from % BACKLOG_MEMORY;

	if (slowest(b) >= from + BACKLOG_CHUNK)
		return 0;
	if (b->file < 0)
		b->file = temp_file(temp_dir(NULL), e);
	if (b->file < 0)
		return -1;
	return temp_write(b->file, p, BACKLOG_CHUNK, from % b->max,
			  temp_dir(NULL), e);
}

/* ---- in and out -------------------------------------------------------- */

int backlog_read(struct backlog *b, int fd, struct err *e)
{
	size_t at = b->newest % BACKLOG_CHUNK;
	char *to = b->ring + b->newest % BACKLOG_MEMORY;
	ssize_t n;

	if (at == 0 && b->newest >= BACKLOG_MEMORY && save_chunk(b, e) < 0)
		return -1;
	n = read(fd, to, BACKLOG_CHUNK - at);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 1;
	if (n < 0)
		return err_sys(e, ERR_IO, "cannot read standard input");
	if (n > 0)
		b->in_line = to[n - 1] != '\n';
	b->newest += (uint64_t)n;
	return n > 0;
}

/* Finds the next bytes of reader i, at most to the end of its chunk. */
static int find_bytes(struct backlog *b, size_t i, struct slice *s,
		      struct err *e)
{
	uint64_t at = b->at[i];
	size_t n = BACKLOG_CHUNK - at % BACKLOG_CHUNK;
	ssize_t got;

	if (at >= oldest(b)) {
		n = n < b->newest - at ? n : (size_t)(b->newest - at);
		*s = slice_of(b->ring + at % BACKLOG_MEMORY, n);
		return 0;
	}
	do
		got = pread(b->file, b->chunk, n, (off_t)(at % b->max));
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return err_sys(e, ERR_IO, "cannot read a temporary file");
	*s = slice_of(b->chunk, (size_t)got);
	return 0;
}

int backlog_write(struct backlog *b, size_t i, int fd, struct err *e)
{
	struct slice s = {0};
	ssize_t n;

	while (backlog_left(b, i) > 0) {
		if (find_bytes(b, i, &s, e) < 0)
			return -1;
		n = write(fd, s.p, s.n);
		if (n < 0 && errno == EPIPE)
			return 0;
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 1;
		if (n < 0)
			return err_sys(e, ERR_IO, "cannot write to a command");
		b->at[i] += (uint64_t)n;
	}
	return 1;
}
