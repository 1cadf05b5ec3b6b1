#include "diff/state/snapshot_section.h"

#include <unistd.h>

#include "core/file.h"
#include "core/linux.h"
#include "diff/state/snapshot_part.h"

void snapshot_section_init(struct snapshot_section *c, int fd, size_t at)
{
	*c = (struct snapshot_section){.fd = fd, .at = (off_t)at};
}

void snapshot_section_clear(struct snapshot_section *c)
{
	buf_clear(&c->b);
	buf_clear(&c->sums);
}

int snapshot_section_failed(int fd, struct err *e)
{
	return file_failed(fd, ERR_IO, "cannot write the snapshot", e);
}

int snapshot_section_put(int fd, const char *p, size_t n, off_t at,
			 struct err *e)
{
	while (n > 0) {
		ssize_t put = pwrite(fd, p, n, at);

		if (put < 0)
			return snapshot_section_failed(fd, e);
		p += put;
		n -= (size_t)put;
		at += put;
	}
	return 0;
}

static int flush(struct snapshot_section *c, size_t n, struct err *e)
{
	for (size_t at = 0; at < n; at += SNAPSHOT_BLOCK) {
		size_t left = n - at;
		uint64_t sum = snapshot_sum(
			c->b.p + at,
			left < SNAPSHOT_BLOCK ? left : SNAPSHOT_BLOCK);

		buf_add(&c->sums, &sum, sizeof(sum));
	}
	if (snapshot_section_put(c->fd, c->b.p, n, c->at, e) < 0)
		return -1;
	linux_start_writing(c->fd, c->at, (off_t)n);
	c->at += (off_t)n;
	memmove(c->b.p, c->b.p + n, c->b.n - n);
	c->b.n -= n;
	return 0;
}

int snapshot_section_flush(struct snapshot_section *c, struct err *e)
{
	/* whole blocks, so that the next bytes begin a new one */
	return flush(c, c->b.n / SNAPSHOT_BLOCK * SNAPSHOT_BLOCK, e);
}

int snapshot_section_end(struct snapshot_section *c, struct err *e)
{
	return c->b.n == 0 ? 0 : flush(c, c->b.n, e);
}
