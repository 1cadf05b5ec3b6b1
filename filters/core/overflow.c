#include "core/overflow.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/temp.h"

enum { CHUNK = 64 * 1024 };

struct overflow {
	uint64_t max;
	int fd;              /* -1: not created yet */
	uint64_t head, tail; /* the bytes between them in the file wait */
	char chunk[CHUNK];
};

struct overflow *overflow_new(uint64_t max_bytes)
{
	struct overflow *o = mem_zero(sizeof(*o));

	o->max = max_bytes;
	o->fd = -1;
	return o;
}

void overflow_free(struct overflow *o)
{
	if (o && o->fd >= 0)
		close(o->fd);
	free(o);
}

uint64_t overflow_left(const struct overflow *o)
{
	return o->tail - o->head;
}

int overflow_add(struct overflow *o, struct slice s, struct err *e)
{
	if (s.n > o->max - o->tail)
		return err_names(e, ERR_TEMP,
				 "more than %ju MiB wait for the reader",
				 (uintmax_t)o->max >> 20);
	if (o->fd < 0)
		o->fd = temp_file(temp_dir(NULL), e);
	if (o->fd < 0 ||
	    temp_write(o->fd, s.p, s.n, o->tail, temp_dir(NULL), e) < 0)
		return -1;
	o->tail += s.n;
	return 0;
}

int overflow_next(struct overflow *o, struct slice *s, struct err *e)
{
	uint64_t left = overflow_left(o);
	size_t n = left < CHUNK ? (size_t)left : CHUNK;
	ssize_t got = 0;

	while (n > 0 && (got = pread(o->fd, o->chunk, n, (off_t)o->head)) < 0 &&
	       errno == EINTR)
		;
	if (n > 0 && got <= 0)
		return err_sys(e, ERR_IO, "cannot read a temporary file");
	*s = slice_of(o->chunk, (size_t)got);
	return 0;
}

/* Frees the disk space once all bytes are taken. */
void overflow_take(struct overflow *o, size_t n)
{
	assert(n <= overflow_left(o));
	o->head += n;
	if (o->head < o->tail || o->tail == 0)
		return;
	o->head = o->tail = 0;
	(void)!ftruncate(o->fd, 0);
}
