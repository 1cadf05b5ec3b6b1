#include "send/dest/file_compression.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "send/dest/batch.h"

enum { HEAD_MAX = 20, GZIP_HEAD = 20, GZIP_TAIL = 8, ZSTD_HEAD = 12 };

/* One format of pieces. */
struct file_format {
	const char *suffix;
	size_t head;       /* number of bytes that contain its length */
	const char *magic; /* first bytes of the head */
	size_t n_magic;
	size_t length_at; /* offset of the length, 32 bits little-endian */
	size_t beyond; /* bytes of the piece that the length does not count */
	int (*start)(struct file_compression *c, struct err *e);
	void (*pack)(struct file_compression *c, struct slice bytes,
		     struct buf *to);
	bool (*unpacks)(struct file_compression *c, struct slice piece);
	void (*stop)(struct file_compression *c);
};

struct file_compression {
	const struct file_format *format;
	void *in, *out; /* the library's decompressor and compressor */
};

static void put32(char *to, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (char)(v >> (8 * i));
}

static uint32_t get32(const char *from)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++)
		v |= (uint32_t)(unsigned char)from[i] << (8 * i);
	return v;
}

/* ---- gzip --------------------------------------------------------------- */

/* Method deflate, with an extra field of eight bytes, without time and name. */
static const char gzip_magic[] = "\x1f\x8b\x08\x04\0\0\0\0\0\xff\x08\0RD\x04";

#ifdef WITH_DEFLATE
#include <libdeflate.h>

enum { GZIP_LEVEL = 6 };

static int gzip_start(struct file_compression *c, struct err *e)
{
	c->out = libdeflate_alloc_compressor(GZIP_LEVEL);
	c->in = libdeflate_alloc_decompressor();
	return c->in && c->out ? 0 : err_set(e, ERR_OS, "out of memory");
}

static void gzip_piece(struct file_compression *c, struct slice bytes,
		       struct buf *to)
{
	size_t most = libdeflate_deflate_compress_bound(c->out, bytes.n);
	char *head = buf_room(to, GZIP_HEAD + most + GZIP_TAIL);
	size_t n = libdeflate_deflate_compress(c->out, bytes.p, bytes.n,
					       head + GZIP_HEAD, most);

	assert(n > 0); /* libdeflate.h: `most` bytes suffice */
	memcpy(head, gzip_magic, sizeof(gzip_magic));
	put32(head + 16, (uint32_t)(GZIP_HEAD + n + GZIP_TAIL));
	put32(head + GZIP_HEAD + n, libdeflate_crc32(0, bytes.p, bytes.n));
	put32(head + GZIP_HEAD + n + 4, (uint32_t)bytes.n);
	to->n += GZIP_HEAD + n + GZIP_TAIL;
}

static bool gzip_unpacks(struct file_compression *c, struct slice piece)
{
	size_t n = get32(piece.p + piece.n - 4);
	char *to = n <= BATCH_MAX_BYTES ? mem_resize(NULL, n + 1) : NULL;
	bool is =
		to && libdeflate_gzip_decompress(c->in, piece.p, piece.n, to, n,
						 NULL) == LIBDEFLATE_SUCCESS;

	free(to);
	return is;
}

static void gzip_stop(struct file_compression *c)
{
	libdeflate_free_compressor(c->out);
	libdeflate_free_decompressor(c->in);
}

#else

static int gzip_start(struct file_compression *c, struct err *e)
{
	(void)c;
	return err_set(e, ERR_CONFIG,
		       "built without libdeflate, which compresses .gz; "
		       "install libdeflate-dev and build again");
}

#define gzip_piece   NULL
#define gzip_unpacks NULL
#define gzip_stop    NULL

#endif

/* ---- zstd --------------------------------------------------------------- */

/* A skippable frame whose four bytes are the length of the next frame. */
static const char zstd_magic[] = "\x50\x2a\x4d\x18\x04\0\0";

#ifdef WITH_ZSTD
#include <zstd.h>

#include "core/library.h"

enum { ZSTD_LEVEL = 3 };

static int zstd_start(struct file_compression *c, struct err *e)
{
	if (library_load("zstd", e) < 0)
		return -1;
	c->out = ZSTD_createCCtx();
	c->in = ZSTD_createDCtx();
	if (!c->in || !c->out)
		return err_set(e, ERR_OS, "out of memory");
	(void)ZSTD_CCtx_setParameter(c->out, ZSTD_c_compressionLevel,
				     ZSTD_LEVEL);
	(void)ZSTD_CCtx_setParameter(c->out, ZSTD_c_checksumFlag, 1);
	return 0;
}

static void zstd_piece(struct file_compression *c, struct slice bytes,
		       struct buf *to)
{
	size_t most = ZSTD_compressBound(bytes.n);
	char *head = buf_room(to, ZSTD_HEAD + most);
	size_t n = ZSTD_compress2(c->out, head + ZSTD_HEAD, most, bytes.p,
				  bytes.n);

	assert(!ZSTD_isError(n)); /* `most` bytes suffice; the only other error
				   * is out of memory */
	memcpy(head, zstd_magic, sizeof(zstd_magic));
	put32(head + 8, (uint32_t)n);
	to->n += ZSTD_HEAD + n;
}

static bool zstd_unpacks(struct file_compression *c, struct slice piece)
{
	const char *frame = piece.p + ZSTD_HEAD;
	size_t size = piece.n - ZSTD_HEAD;
	unsigned long long n = ZSTD_getFrameContentSize(frame, size);
	char *to = n <= BATCH_MAX_BYTES ? mem_resize(NULL, n + 1) : NULL;
	bool is = to && ZSTD_decompressDCtx(c->in, to, n, frame, size) == n;

	free(to);
	return is;
}

static void zstd_stop(struct file_compression *c)
{
	if (c->out)
		ZSTD_freeCCtx(c->out);
	if (c->in)
		ZSTD_freeDCtx(c->in);
}

#else

static int zstd_start(struct file_compression *c, struct err *e)
{
	(void)c;
	return err_set(e, ERR_CONFIG,
		       "built without libzstd, which compresses .zst; install "
		       "libzstd-dev and build again");
}

#define zstd_piece   NULL
#define zstd_unpacks NULL
#define zstd_stop    NULL

#endif

/* ---- both formats ----------------------------------------------------- */

static const struct file_format formats[] = {
	{".gz", GZIP_HEAD, gzip_magic, sizeof(gzip_magic), 16, 0, gzip_start,
	 gzip_piece, gzip_unpacks, gzip_stop},
	{".zst", ZSTD_HEAD, zstd_magic, sizeof(zstd_magic), 8, ZSTD_HEAD,
	 zstd_start, zstd_piece, zstd_unpacks, zstd_stop},
};

int file_compression_new(struct file_compression **c, struct slice name,
			 struct err *e)
{
	*c = NULL;
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		size_t n = strlen(formats[i].suffix);

		if (name.n <= n ||
		    memcmp(name.p + name.n - n, formats[i].suffix, n) != 0)
			continue;
		*c = mem_zero(sizeof(**c));
		(*c)->format = &formats[i];
		return formats[i].start(*c, e);
	}
	return 0;
}

void file_compression_free(struct file_compression *c)
{
	if (c && c->format->stop)
		c->format->stop(c);
	free(c);
}

const char *file_compression_suffix(const struct file_compression *c)
{
	return c ? c->format->suffix : "";
}

void file_compression_pack(struct file_compression *c, struct slice bytes,
			   struct buf *to)
{
	c->format->pack(c, bytes, to);
}

/* Reads the length of the piece at an offset; 0: its head is incomplete. */
static int length_at(const struct file_format *f, int fd, off_t at, off_t size,
		     uint64_t *length, struct err *e)
{
	char head[HEAD_MAX];
	size_t n = size - at < (off_t)f->head ? (size_t)(size - at) : f->head;

	if (pread(fd, head, n, at) != (ssize_t)n)
		return err_sys(e, ERR_IO, "cannot read the file");
	if (memcmp(head, f->magic, n < f->n_magic ? n : f->n_magic) != 0)
		return err_names(e, ERR_CONFIG,
				 "holds bytes that rudder-send did not write, "
				 "from byte %jd on; choose another name",
				 (intmax_t)at);
	*length = n < f->head
			  ? 0
			  : (uint64_t)get32(head + f->length_at) + f->beyond;
	return 0;
}

/* Checks that the piece can be decompressed. Returns 1, 0, or -1 with *e set.
 */
static int unpacks(struct file_compression *c, int fd, off_t at, size_t n,
		   struct err *e)
{
	struct buf b = {0};
	int rc;

	if (n <= c->format->head + (c->format->beyond ? 0 : GZIP_TAIL))
		return 0;
	if (pread(fd, buf_room(&b, n), n, at) != (ssize_t)n)
		rc = err_sys(e, ERR_IO, "cannot read the file");
	else
		rc = c->format->unpacks(c, slice_of(b.p, n));
	buf_clear(&b);
	return rc;
}

int file_compression_check(struct file_compression *c, int fd, off_t size,
			   off_t *complete, struct err *e)
{
	off_t at = 0, last = 0;
	uint64_t n = 0;
	int rc = 1;

	while (at < size) {
		if (length_at(c->format, fd, at, size, &n, e) < 0)
			return -1;
		if (n < c->format->head || n > (uint64_t)(size - at))
			break;
		last = at;
		at += (off_t)n;
	}
	/* after a power failure a file may have its length but not its bytes */
	if (at == size && at > 0)
		rc = unpacks(c, fd, last, (size_t)(at - last), e);
	*complete = rc == 0 ? last : at;
	return rc < 0 ? -1 : 0;
}
