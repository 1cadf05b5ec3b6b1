#include "diff/state/pending_tail.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ROOM = 16 * 1024 * 1024, /* least room to grow */
	READ = 512 * 1024,       /* released at once, except the newest; */
	AGAIN = 16 * READ,       /* again the pages before, touched since */
	PAGE = 64 * 1024         /* largest page size */
};

int pending_tail_open(struct pending_tail *t, const char *path, struct err *e)
{
	int rc;

	*t = (struct pending_tail){.fd = -1};
	t->fd = file_open_own(path, O_RDONLY, ERR_IO, e);
	if (t->fd < 0)
		return errno == ENOENT ? 0 : -1;
	rc = pending_open_fd(&t->p, t->fd, path, e);
	t->mapped = t->p.file.map.n;
	if (rc <= 0)
		pending_tail_clear(t);
	return rc;
}

/* The start of the mapping, with the type that munmap takes. */
static void *mapping(const struct pending_tail *t)
{
	union {
		const void *in;
		void *out;
	} p = {.in = t->p.file.map.p};

	return p.out;
}

static int map_more(struct pending_tail *t, size_t size, struct err *e)
{
	size_t room = size + size / 2 + ROOM;
	void *to = mmap(NULL, room, PROT_READ, MAP_SHARED, t->fd, 0);

	if (to == MAP_FAILED)
		return err_sys(e, ERR_IO, "cannot map '%s'", t->p.file.path);
	munmap(mapping(t), t->mapped);
	pending_move(&t->p, to, size);
	t->mapped = room;
	t->given_back = 0;
	return 0;
}

/* Looks for new bytes in the file: 1, 0 if nothing was added, -1. */
static int grow(struct pending_tail *t, struct err *e)
{
	struct stat st;
	size_t size;

	if (fstat(t->fd, &st) < 0)
		return err_sys(e, ERR_IO, "cannot read '%s'", t->p.file.path);
	size = (size_t)st.st_size;
	if (size <= t->p.file.map.n)
		return 0;
	if (size > t->mapped)
		return map_more(t, size, e) < 0 ? -1 : 1;
	t->p.file.map.n = size;
	return 1;
}

static void release_pages(struct pending_tail *t)
{
	size_t to = t->p.file.at / PAGE * PAGE, from;

	if (to < t->given_back + READ + READ)
		return;
	to -= READ; /* receipts of the newest intents are still to arrive */
	from = t->given_back > AGAIN ? t->given_back - AGAIN : 0;
	(void)madvise((char *)mapping(t) + from, to - from, MADV_DONTNEED);
	t->given_back = to;
}

int pending_tail_next(struct pending_tail *t, pending_each_fn *each, void *ctx,
		      struct err *e)
{
	int rc = pending_scan_frame(&t->p, each, ctx, e);

	if (rc == 0 && grow(t, e) > 0)
		rc = pending_scan_frame(&t->p, each, ctx, e);
	release_pages(t);
	return rc;
}

int pending_tail_hand_over(const struct pending_tail *t, struct pending *p)
{
	struct pending read = t->p;
	struct stat ours, now;

	if (p->file.map.n < read.file.at || fstat(t->fd, &ours) < 0 ||
	    stat(p->file.path, &now) < 0 || ours.st_dev != now.st_dev ||
	    ours.st_ino != now.st_ino)
		return -1;
	pending_move(&read, p->file.map.p, p->file.map.n);
	*p = read;
	return 0;
}

void pending_tail_clear(struct pending_tail *t)
{
	t->p.file.map.n = t->mapped;
	pending_clear(&t->p);
	if (t->mapped > 0 && t->fd >= 0)
		close(t->fd);
	*t = (struct pending_tail){.fd = -1};
}
