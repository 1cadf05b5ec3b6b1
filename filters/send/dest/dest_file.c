/* dest_file.c - events appended to a file, one a line.
 *
 * Whole lines only, in the order of the input, and safe on the
 * disk (fdatasync) before their receipts say "delivered". An incomplete last
 * line, which a killed run left, is removed first. One run a file at a time
 * (flock).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/landlock.h"
#include "core/mem.h"
#include "core/tool.h"
#include "core/writer.h"
#include "send/dest/dest.h"
#include "send/dest/dest_list.h"
#include "wire/json/json.h"

struct file_settings {
	uint64_t rotate_bytes; /* 0: never */
};

static const struct dest_option rows[] = {
	{"rotate", "<size>", "start a new file at this size", DEST_COUNT,
	 .at = offsetof(struct file_settings, rotate_bytes)},
};

static const struct dest_group own = {rows, COUNT_OF(rows),
				      sizeof(struct file_settings), NULL};

struct file_dest {
	struct dest_list done; /* first: what dest_list_* are given */
	int fd;
	char *path;
	const struct file_settings *asked;
	bool regular;
	off_t size; /* of whole lines that are on the disk */
};

/* Bytes behind the last LF: -1 ERR_IO. */
static int torn(int fd, off_t size, off_t *whole, char *first, struct err *e)
{
	char part[4096];

	for (*whole = size; *whole > 0;) {
		off_t from = *whole > (off_t)sizeof(part)
				     ? *whole - (off_t)sizeof(part)
				     : 0;
		ssize_t got = pread(fd, part, (size_t)(*whole - from), from);
		const char *lf;

		if (got != *whole - from)
			return err_sys(e, ERR_IO, "cannot read the file");
		lf = memrchr(part, '\n', (size_t)got);
		if (lf) {
			*whole = from + (lf + 1 - part);
			break;
		}
		*whole = from;
	}
	if (*whole < size && pread(fd, first, 1, *whole) != 1)
		return err_sys(e, ERR_IO, "cannot read the file");
	return 0;
}

/* Only what looks like a line of ours is removed. */
static int mend(struct file_dest *f, const char *path, struct err *e)
{
	struct stat st;
	char first = '{';

	if (fstat(f->fd, &st) < 0)
		return err_sys(e, ERR_IO, "cannot examine '%s'", path);
	f->regular = S_ISREG(st.st_mode);
	if (!f->regular)
		return 0;
	if (torn(f->fd, st.st_size, &f->size, &first, e) < 0)
		return err_in(e, "'%s'", path);
	if (f->size == st.st_size)
		return 0;
	if (first != '{')
		return err_set(e, ERR_CONFIG,
			       "'%s' ends inside a line that is not an event: "
			       "rudder-send did not write it",
			       path);
	tool_warn("'%s': removed an incomplete last line of %jd bytes left by "
		  "a killed run",
		  path, (intmax_t)(st.st_size - f->size));
	if (ftruncate(f->fd, f->size) < 0)
		return err_sys(e, ERR_IO, "cannot repair '%s'", path);
	return 0;
}

static int lock(struct file_dest *f, const char *path, struct err *e)
{
	int got = file_lock(f->fd, true, 0, e);

	if (got == 0)
		return err_set(e, ERR_TEMP,
			       "'%s': another run is writing to it", path);
	return got < 0 ? -1 : 0;
}

/* For --check: nothing is created and nothing is repaired. */
static int try(const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct buf dir = {0};
	int rc = access(path, W_OK), why;

	if (rc < 0 && errno == ENOENT) {
		buf_add(&dir, path, slash ? (size_t)(slash - path) + 1 : 0);
		buf_char(&dir, '.');
		rc = access(buf_cstr(&dir), W_OK | X_OK);
	}
	why = errno;
	buf_clear(&dir);
	errno = why;
	if (rc < 0)
		return err_sys(e, ERR_CREATE, "cannot open '%s'", path);
	return 0;
}

static void file_show(void *d, struct dest_job *job, bool as_curl,
		      struct buf *b)
{
	const struct file_dest *f = d;

	(void)as_curl;
	buf_str(b, "\"file\":");
	json_lossy(b, slice_str(f->path), SIZE_MAX);
	buf_str(b, ",\"append\":");
	dest_list_events(b, job);
}

static int file_open(void **d, const struct dest_options *o, struct err *e)
{
	struct file_dest *f = mem_zero(sizeof(*f));
	int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY;

	*d = f;
	if (o->url[0] == '\0')
		return err_set(e, ERR_USAGE,
			       "destination: 'file:' needs a "
			       "path");
	f->fd = -1;
	f->path = mem_copy(o->url, strlen(o->url));
	f->asked = dest_option_settings(o->given, &own);
	if (o->dry)
		return 0;
	if (o->check)
		return try(o->url, e);
	f->fd = open(o->url, flags | O_CREAT, 0600);
	if (f->fd < 0 && (errno == EACCES || errno == EINVAL))
		f->fd = open(o->url, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (f->fd < 0)
		return err_sys(e, ERR_CREATE, "cannot open '%s'", o->url);
	if (lock(f, o->url, e) < 0)
		return -1;
	return mend(f, o->url, e);
}

/* The full file gets the next free number behind its name, and a new one takes
 * its place. All of it is on the disk already.
 */
static int rotate(struct file_dest *f, struct err *e)
{
	struct buf name = {0};
	const char *slash = strrchr(f->path, '/');
	struct stat st;
	int fd, rc = -1;

	for (unsigned i = 1; i == 1 || lstat(buf_cstr(&name), &st) == 0; i++) {
		name.n = 0;
		buf_fmt(&name, "%s.%06u", f->path, i);
	}
	if (rename(f->path, buf_cstr(&name)) < 0) {
		err_sys(e, ERR_IO, "cannot rename '%s'", f->path);
		goto out;
	}
	fd = open(f->path, O_RDWR | O_APPEND | O_CLOEXEC | O_CREAT | O_EXCL,
		  0600);
	if (fd < 0) {
		err_sys(e, ERR_CREATE, "cannot create '%s'", f->path);
		goto out;
	}
	close(f->fd);
	f->fd = fd;
	f->size = 0;
	name.n = 0;
	if (slash)
		buf_add(&name, f->path,
			slash == f->path ? 1 : (size_t)(slash - f->path));
	else
		buf_char(&name, '.');
	rc = lock(f, f->path, e);
	if (rc == 0)
		rc = file_sync_dir(buf_cstr(&name), e);
out:
	buf_clear(&name);
	return rc;
}

/* Whether the batch still belongs into this file; else a new one is begun. */
static int make_room(struct file_dest *f, size_t n, struct err *e)
{
	uint64_t most = f->asked->rotate_bytes;

	if (!f->regular || most == 0 || f->size == 0 ||
	    (uint64_t)f->size + n <= most)
		return 0;
	return rotate(f, e);
}

/* Nothing of a batch that did not fit stays behind, after a power cut either.
 */
static void fail(struct file_dest *f, struct dest_job *job, struct err *e)
{
	job->reply =
		(struct reply){.class = REPLY_FATAL, .doubt = true, .sent = 1};
	if (f->regular && ftruncate(f->fd, f->size) == 0 &&
	    fdatasync(f->fd) == 0) {
		job->reply.sent = 0;
		job->reply.doubt = false;
	}
	job->reply.err = *e;
	reply_words(&job->reply, slice_str(e->text));
}

static void file_start(void *d, struct dest_job *job)
{
	struct file_dest *f = d;
	struct err e;

	job->reply = (struct reply){
		.class = REPLY_TAKEN, .delivered = true, .sent = 1};
	if (make_room(f, job->body.n, &e) < 0) {
		fail(f, job, &e);
	} else if (writer_all(f->fd, job->body.p, job->body.n, &e) < 0) {
		fail(f, job, &e);
	} else if (f->regular && fdatasync(f->fd) < 0) {
		file_failed(f->fd, ERR_IO, "cannot sync the file", &e);
		fail(f, job, &e);
	} else {
		f->size += (off_t)job->body.n;
	}
	dest_list_push(&f->done, job);
}

/* A full file is renamed. */
static void file_reach(const struct dest_options *o, struct landlock *l)
{
	landlock_replace(l, o->url);
}

static void file_close(void *d)
{
	struct file_dest *f = d;

	if (!f)
		return;
	if (f->fd >= 0)
		close(f->fd);
	free(f->path);
	free(f);
}

const struct dest dest_file = {
	.scheme = "file",
	.help = "path",
	DEST_LIST_LINES,
	.known_by = DEST_BY_TEXT,
	.batch = 10000,
	.checked = "the file is writable",
	.groups = {&own},
	.open = file_open,
	.reach = file_reach,
	.show = file_show,
	.start = file_start,
	.close = file_close,
};
