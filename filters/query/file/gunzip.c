#include "query/file/gunzip.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"

enum {
	CHUNK = 256 * 1024,
	MAGIC_MAX = 15, /* bytes that identify a kind of file */
};

struct gunzip {
	int fd;
	struct rows *rows;
	struct buf data; /* bytes read; those from taken on are unused */
	size_t taken;
	bool known, packed, ended;
	void *stream; /* z_stream of the current gzip member, or NULL */
};

/* ---- kinds of files ---------------------------------------------------- */

static const struct {
	const char *magic, *why;
} others[] = {
	{"PK\3\4", "a ZIP or Excel file; extract it, or save it as CSV"},
	{"\x28\xb5\x2f\xfd", "zstd; decompress it with zstd -dc"},
	{"BZh91AY", "bzip2; decompress it with bzip2 -dc"},
	{"\xfd"
	 "7zXZ",
	 "xz; decompress it with xz -dc"},
	{"PAR1\x15", "Parquet; use the source parquet:"},
	{"SQLite format 3", "a SQLite database; use the source sqlite:"},
};

static int identify(struct gunzip *g, struct err *e)
{
	struct slice s = buf_all(&g->data);

	g->known = true;
	g->packed = slice_starts(s, "\x1f\x8b");
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (slice_starts(s, others[i].magic))
			return err_set(e, ERR_DATA, "the file is %s",
				       others[i].why);
	}
	return 0;
}

/* ---- bytes ------------------------------------------------------------- */

/* Reads more bytes into g->data. Returns 0, or -1 with ERR_IO. */
static int fill(struct gunzip *g, struct err *e)
{
	ssize_t got;

	if (g->taken == g->data.n)
		g->taken = g->data.n = 0;
	if (rows_wait(g->rows, g->fd, e) < 0)
		return -1;
	do
		got = read(g->fd, buf_room(&g->data, CHUNK), CHUNK);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_sys(e, ERR_IO, "cannot read input");
	g->data.n += (size_t)got;
	g->ended = got == 0;
	return 0;
}

/* Whether more bytes are needed to identify the kind: the first bytes of a pipe
 * may arrive one by one.
 */
static bool may_be_magic(const struct gunzip *g)
{
	if (g->data.n >= MAGIC_MAX)
		return false;
	if (g->data.n == 0 || (g->data.n == 1 && *g->data.p == '\x1f'))
		return true;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (g->data.n < strlen(others[i].magic) &&
		    memcmp(g->data.p, others[i].magic, g->data.n) == 0)
			return true;
	}
	return false;
}

struct gunzip *gunzip_new(int fd, struct rows *rows)
{
	struct gunzip *g = mem_zero(sizeof(*g));

	g->fd = fd;
	g->rows = rows;
	return g;
}

static int plain(struct gunzip *g, char *to, size_t room, size_t *got,
		 struct err *e)
{
	size_t n;

	if (g->taken == g->data.n && !g->ended && fill(g, e) < 0)
		return -1;
	n = g->data.n - g->taken;
	n = n < room ? n : room;
	if (n > 0)
		memcpy(to, g->data.p + g->taken, n);
	g->taken += n;
	*got = n;
	return n > 0;
}

#ifdef WITH_ZLIB
#include <zlib.h>

static int damaged(const char *why, struct err *e)
{
	return err_set(e, ERR_DATA, "damaged gzip data: %s",
		       why ? why : "no reason given");
}

/* Begins a gzip member. */
static int begin(struct gunzip *g, struct err *e)
{
	z_stream *z = mem_zero(sizeof(*z));

	g->stream = z;
	if (inflateInit2(z, 16 + MAX_WBITS) == Z_OK)
		return 0;
	return err_set(e, ERR_OS, "zlib: out of memory");
}

static void end(struct gunzip *g)
{
	if (g->stream)
		inflateEnd(g->stream);
	free(g->stream);
	g->stream = NULL;
}

/* Begins the next member. Returns 1, 0 at the end, or -1. Only zeros may follow
 * the last member.
 */
static int next_member(struct gunzip *g, struct err *e)
{
	for (;;) {
		while (g->taken < g->data.n && g->data.p[g->taken] == '\0')
			g->taken++;
		if (g->taken < g->data.n)
			break;
		if (g->ended)
			return 0;
		if (fill(g, e) < 0)
			return -1;
	}
	if (g->data.p[g->taken] != '\x1f')
		return damaged("extra bytes after its end", e);
	return begin(g, e) < 0 ? -1 : 1;
}

static int unpack(struct gunzip *g, char *to, size_t room, size_t *got,
		  struct err *e)
{
	while (*got == 0) {
		z_stream *z;
		int rc = g->stream ? 1 : next_member(g, e);

		if (rc <= 0)
			return rc;
		if (g->taken == g->data.n && !g->ended && fill(g, e) < 0)
			return -1;
		if (g->taken == g->data.n)
			return err_set(e, ERR_DATA,
				       "the gzip data is truncated");
		z = g->stream;
		z->next_in = (unsigned char *)g->data.p + g->taken;
		z->avail_in = (unsigned)(g->data.n - g->taken);
		z->next_out = (unsigned char *)to;
		z->avail_out = room < CHUNK ? (unsigned)room : CHUNK;
		*got = z->avail_out;
		rc = inflate(z, Z_NO_FLUSH);
		*got -= z->avail_out;
		g->taken = g->data.n - z->avail_in;
		if (rc == Z_STREAM_END)
			end(g);
		else if (rc != Z_OK && rc != Z_BUF_ERROR)
			return damaged(z->msg, e);
	}
	return 1;
}
#else
static void end(struct gunzip *g)
{
	(void)g;
}

static int unpack(struct gunzip *g, char *to, size_t room, size_t *got,
		  struct err *e)
{
	(void)g, (void)to, (void)room, (void)got;
	return err_set(e, ERR_CONFIG,
		       "the file is gzip: install zlib1g-dev and build again, "
		       "or decompress it with gzip -dc");
}
#endif

void gunzip_free(struct gunzip *g)
{
	if (!g)
		return;
	end(g);
	buf_clear(&g->data);
	free(g);
}

int gunzip_read(void *ctx, char *to, size_t room, size_t *got, struct err *e)
{
	struct gunzip *g = ctx;

	*got = 0;
	while (!g->known && !g->ended && may_be_magic(g)) {
		if (fill(g, e) < 0)
			return -1;
	}
	if (!g->known && identify(g, e) < 0)
		return -1;
	return g->packed ? unpack(g, to, room, got, e)
			 : plain(g, to, room, got, e);
}
