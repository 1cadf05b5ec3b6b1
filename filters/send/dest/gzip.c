#include "send/dest/gzip.h"

#include <assert.h>
#include <stdlib.h>

#ifdef WITH_DEFLATE
#include <libdeflate.h>

#include "core/mem.h"

struct gzip {
	struct libdeflate_compressor *c;
};

struct gzip *gzip_new(void)
{
	struct gzip *p = mem_zero(sizeof(*p));

	p->c = libdeflate_alloc_compressor(1);
	if (p->c)
		return p;
	free(p);
	return NULL;
}

void gzip_free(struct gzip *p)
{
	if (!p)
		return;
	libdeflate_free_compressor(p->c);
	free(p);
}

void gzip_pack(struct gzip *p, struct slice body, struct buf *to)
{
	size_t most = libdeflate_gzip_compress_bound(p->c, body.n);

	to->n = 0;
	to->n = libdeflate_gzip_compress(p->c, body.p, body.n,
					 buf_room(to, most), most);
	assert(to->n > 0); /* libdeflate.h: `most` bytes suffice */
}

#else

struct gzip *gzip_new(void)
{
	return NULL;
}

void gzip_free(struct gzip *p)
{
	(void)p;
}

void gzip_pack(struct gzip *p, struct slice body, struct buf *to)
{
	(void)p;
	to->n = 0;
	buf_slice(to, body);
}

#endif
