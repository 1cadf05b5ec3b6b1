#include "wire/state/journal.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "core/file.h"
#include "core/linux.h"
#include "core/writer.h"
#include "wire/json/hash.h"

enum { VERSION = 1, ORDER = 0x01020304, HEAD = JOURNAL_HEAD, FRAME = 16 };

/* A frame's length with a check of its own, so that damage to it never
 * looks like a truncated file.
 */
static uint64_t checked_length(uint64_t n)
{
	return n | hash_bytes(&n, sizeof(n), VERSION).lo << 32;
}

static uint64_t sum_of(const void *p, size_t n)
{
	return hash_bytes(p, n, VERSION).lo;
}

static void put_head(struct buf *b, const char magic[8], struct slice head)
{
	uint32_t words[2] = {VERSION, ORDER};
	uint64_t longs[2] = {head.n, sum_of(head.p, head.n)};

	buf_add(b, magic, 8);
	buf_add(b, words, sizeof(words));
	buf_add(b, longs, sizeof(longs));
	buf_slice(b, head);
}

static int put(int fd, struct slice bytes, struct err *e)
{
	if (writer_all(fd, bytes.p, bytes.n, e) == 0)
		return 0;
	return file_failed(fd, ERR_IO, "cannot write the state", e);
}

int journal_create(struct journal *j, const char *path, const char magic[8],
		   struct slice head, struct err *e)
{
	struct file_new f = {0};
	struct buf b = {0};
	int rc = -1;

	*j = (struct journal){.fd = -1};
	put_head(&b, magic, head);
	if (file_begin(&f, path, e) == 0 && put(f.fd, buf_all(&b), e) == 0 &&
	    file_commit(&f, e) == 0)
		rc = journal_resume(j, path, b.n, e);
	file_abandon(&f);
	buf_clear(&b);
	return rc;
}

int journal_start(struct journal *j, int fd, const char magic[8],
		  struct slice head, struct err *e)
{
	struct buf b = {0};
	int rc;

	put_head(&b, magic, head);
	if (ftruncate(fd, 0) < 0)
		rc = file_failed(fd, ERR_IO, "cannot cut the state", e);
	else
		rc = put(fd, buf_all(&b), e);
	if (rc == 0)
		rc = journal_resume_fd(j, fd, b.n, e);
	buf_clear(&b);
	return rc;
}

int journal_resume(struct journal *j, const char *path, uint64_t valid,
		   struct err *e)
{
	int fd = file_open_own(path, O_WRONLY, ERR_IO, e);

	if (fd < 0)
		return -1;
	if (journal_resume_fd(j, fd, valid, e) == 0)
		return 0;
	close(fd);
	return -1;
}

static void start_frame(struct journal *j)
{
	buf_room(&j->frame, FRAME);
	j->frame.n = FRAME;
}

int journal_resume_fd(struct journal *j, int fd, uint64_t valid, struct err *e)
{
	*j = (struct journal){.fd = -1, .bytes = valid};
	if (ftruncate(fd, (off_t)valid) < 0 || lseek(fd, 0, SEEK_END) < 0)
		return file_failed(fd, ERR_IO, "cannot cut the state", e);
	j->fd = fd;
	start_frame(j);
	return 0;
}

bool journal_waiting(const struct journal *j)
{
	return j->frame.n > FRAME;
}

/* Writes the frame that take_frame has taken. */
static int write_frame(struct journal *j, struct err *e)
{
	struct buf *b = &j->leaving;
	uint64_t head[2];

	head[0] = checked_length(b->n - FRAME);
	head[1] = sum_of(b->p + FRAME, b->n - FRAME);
	memcpy(b->p, head, sizeof(head));
	return put(j->fd, buf_all(b), e);
}

/* Starts writing to the disk after each MiB, so that the sync at the end has
 * little to do.
 */
static void start_writing(const struct journal *j)
{
	enum { MIB = 1024 * 1024 };
	uint64_t to = j->bytes / MIB * MIB;
	uint64_t from = (j->bytes - j->leaving.n) / MIB * MIB;

	if (to > from)
		linux_start_writing(j->fd, (off_t)from, (off_t)(to - from));
}

static void sync_frames(struct journal *j)
{
	if (fdatasync(j->fd) < 0)
		file_failed(j->fd, ERR_IO, "cannot sync the state", &j->failed);
	j->unsynced = false;
}

static void *flush(void *ctx)
{
	struct journal *j = ctx;

	if (write_frame(j, &j->failed) < 0)
		return NULL;
	if (j->durable) {
		sync_frames(j);
	} else {
		j->unsynced = true;
		start_writing(j);
	}
	return NULL;
}

/* Flushes in a thread, or here if no thread can be started. The thread blocks
 * all signals, so that the main thread gets them.
 */
static void flush_beside(struct journal *j)
{
	enum { STACK = 256 * 1024 }; /* instead of the default 8 MiB */
	sigset_t all, before;
	pthread_attr_t how;

	sigfillset(&all);
	pthread_attr_init(&how);
	pthread_attr_setstacksize(&how, STACK);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	j->beside = pthread_create(&j->thread, &how, flush, j) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&how);
	if (!j->beside)
		flush(j);
}

static void join(struct journal *j)
{
	if (j->beside)
		pthread_join(j->thread, NULL);
	j->beside = false;
}

int journal_flush_end(struct journal *j, struct err *e)
{
	join(j);
	if (j->failed.kind == ERR_NONE)
		return 0;
	*e = j->failed;
	return -1;
}

static void swap_frames(struct journal *j)
{
	struct buf b = j->leaving;

	j->leaving = j->frame;
	j->frame = b;
	start_frame(j);
}

/* Takes the frame from the caller: 1, 0 if there is no frame, -1. With durable
 * and no frame, syncs what was written before.
 */
static int take_frame(struct journal *j, bool durable, struct err *e)
{
	if (journal_flush_end(j, e) < 0)
		return -1;
	if (!journal_waiting(j)) {
		if (durable && j->unsynced)
			sync_frames(j);
		return journal_flush_end(j, e);
	}
	j->durable = durable;
	j->bytes += j->frame.n;
	swap_frames(j);
	return 1;
}

int journal_flush_begin(struct journal *j, struct err *e)
{
	int rc = take_frame(j, true, e);

	if (rc > 0)
		flush_beside(j);
	return rc < 0 ? -1 : 0;
}

int journal_flush(struct journal *j, bool durable, struct err *e)
{
	int rc = take_frame(j, durable, e);

	if (rc <= 0)
		return rc;
	flush(j);
	swap_frames(j); /* one buffer is enough */
	return journal_flush_end(j, e);
}

void journal_close(struct journal *j)
{
	join(j);
	if (j->fd >= 0)
		close(j->fd);
	buf_clear(&j->frame);
	buf_clear(&j->leaving);
	*j = (struct journal){.fd = -1};
}

static int check_head(struct journal_file *f, const char magic[8],
		      struct err *e)
{
	uint32_t words[2];
	uint64_t longs[2];

	if (f->map.n < HEAD || memcmp(f->map.p, magic, 8) != 0)
		return err_names(
			e, ERR_CONFIG,
			"'%s' is damaged, or not a file of rudder-diff; see "
			"'damaged state' in rudder-sync(7)",
			f->path);
	memcpy(words, f->map.p + 8, sizeof(words));
	memcpy(longs, f->map.p + 16, sizeof(longs));
	if (words[1] != ORDER)
		return err_names(e, ERR_CONFIG,
				 "'%s' is damaged, or from a machine with a "
				 "different byte order; see 'damaged state' in "
				 "rudder-sync(7)",
				 f->path);
	if (words[0] != VERSION)
		return err_names(
			e, ERR_CONFIG,
			"'%s' has format %u; this rudder-diff supports "
			"format %d",
			f->path, words[0], VERSION);
	if (longs[0] > f->map.n - HEAD ||
	    sum_of(f->map.p + HEAD, longs[0]) != longs[1])
		return err_names(e, ERR_CONFIG,
				 "'%s' has a damaged header; see 'damaged "
				 "state' in rudder-sync(7)",
				 f->path);
	f->head = slice_of(f->map.p + HEAD, longs[0]);
	f->at = HEAD + longs[0];
	return 1;
}

static int open_map(struct journal_file *f, const char magic[8], struct err *e)
{
	int rc = check_head(f, magic, e);

	if (rc < 0)
		journal_forget(f);
	return rc;
}

int journal_open(struct journal_file *f, const char *path, const char magic[8],
		 struct err *e)
{
	int rc;

	*f = (struct journal_file){.path = path};
	rc = file_map(&f->map, path, e);
	return rc <= 0 ? rc : open_map(f, magic, e);
}

int journal_open_fd(struct journal_file *f, int fd, const char *path,
		    const char magic[8], struct err *e)
{
	int rc;

	*f = (struct journal_file){.path = path};
	rc = file_map_fd(&f->map, fd, path, e);
	return rc <= 0 ? rc : open_map(f, magic, e);
}

/* Whether all bytes from here on are zero, as after a power failure. */
static bool all_zero(const char *p, size_t n)
{
	while (n > 0 && *p == '\0')
		p++, n--;
	return n == 0;
}

/* Whether a block of the disk, as far as it is in this frame, is all zero: it
 * was never written. Valid frames have no stretch of zeros as long as that.
 */
static bool lacks_block(const struct journal_file *f, size_t n)
{
	enum { BLOCK = 4096, STRETCH = 64 };
	size_t end = f->at + FRAME + n;

	for (size_t at = f->at; at < end;) {
		size_t next = (at / BLOCK + 1) * BLOCK;

		if (next > end)
			next = end;
		if (next - at >= STRETCH && all_zero(f->map.p + at, next - at))
			return true;
		at = next;
	}
	return false;
}

int journal_next(struct journal_file *f, struct slice *payload, struct err *e)
{
	const char *p = f->map.p + f->at;
	size_t left = f->map.n - f->at;
	uint64_t head[2], n;

	if (left < FRAME)
		return 0;
	memcpy(head, p, sizeof(head));
	n = head[0] & UINT32_MAX;
	if (n > 0 && head[0] == checked_length(n)) {
		if (n > left - FRAME)
			return 0; /* truncated during the write */
		if (sum_of(p + FRAME, n) == head[1]) {
			*payload = slice_of(p + FRAME, n);
			f->at += FRAME + n;
			return 1;
		}
		if ((n == left - FRAME || f->loose) && lacks_block(f, n))
			return 0;
	} else if (all_zero(p, f->loose && left > FRAME ? FRAME : left)) {
		return 0;
	}
	return err_names(e, ERR_CONFIG,
			 "'%s' is damaged at byte %zu; see 'damaged state' in "
			 "rudder-sync(7)",
			 f->path, f->at);
}

void journal_forget(struct journal_file *f)
{
	file_map_clear(&f->map);
	*f = (struct journal_file){0};
}
