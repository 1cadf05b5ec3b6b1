#include "wire/state/planning.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/folder.h"
#include "core/lock.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/reader.h"

enum { TRIES = 100, MOST = 64 * 1024 };
enum { LOOK_MS = 500 }; /* planning_is_dead may hold the lock for a moment */

/* Locks the file of that name: 1, or 0 if it was removed meanwhile. */
static int open_locked(struct planning *p, const char *dir, struct err *e)
{
	struct stat st;
	int got;

	p->fd = file_open_own(p->path, O_RDWR | O_APPEND | O_CREAT, ERR_CREATE,
			      e);
	if (p->fd < 0)
		return -1;
	got = lock_take(p->fd, true, LOOK_MS, e);
	if (got < 0)
		return -1;
	if (got == 0)
		return err_names(e, ERR_TEMP,
				 "another rudder plan is making a plan of the "
				 "state '%s'",
				 dir);
	if (fstat(p->fd, &st) < 0)
		return err_sys(e, ERR_IO, "cannot examine '%s'", p->path);
	p->before = (uint64_t)st.st_size;
	if (st.st_nlink > 0)
		return 1;
	close(p->fd);
	p->fd = -1;
	return 0;
}

static int write_token(struct planning *p, struct err *e)
{
	unsigned char random[PLANNING_TOKEN / 2];
	struct buf b = {0};
	int rc;

	clock_random(random, sizeof(random));
	buf_hex(&b, random, sizeof(random));
	memcpy(p->token, b.p, PLANNING_TOKEN);
	p->token[PLANNING_TOKEN] = '\0';
	buf_char(&b, '\n');
	rc = file_write_once(p->fd, buf_all(&b), e);
	buf_clear(&b);
	return rc;
}

int planning_begin(struct planning *p, const char *dir, struct err *e)
{
	int rc, made;

	*p = (struct planning){.fd = -1};
	made = folder_make(dir, "the state", e);
	if (made > 0)
		p->made = mem_copy(dir, strlen(dir));
	if (made < 0)
		return -1;
	p->path = folder_file(dir, PLANNING_NAME);
	rc = open_locked(p, dir, e);
	for (int i = 0; rc == 0 && i < TRIES; i++)
		rc = open_locked(p, dir, e);
	if (rc == 0)
		err_names(e, ERR_TEMP, "'%s' is removed again and again",
			  p->path);
	if (rc > 0 && write_token(p, e) == 0)
		return 0;
	if (p->fd >= 0)
		close(p->fd);
	free(p->path);
	free(p->made);
	*p = (struct planning){0};
	return -1;
}

void planning_end(struct planning *p, bool complete)
{
	if (!p->path)
		return;
	if (complete || p->before == 0 ||
	    ftruncate(p->fd, (off_t)p->before) < 0)
		(void)unlink(p->path);
	close(p->fd);
	if (p->made) /* unless there is a state in it now */
		(void)rmdir(p->made);
	free(p->path);
	free(p->made);
	*p = (struct planning){0};
}

static const char member[] = "\"" PLANNING_NAME "\":\"";
static const char expires[] = "\"expires_ms\":";

void planning_hold(struct buf *b)
{
	const char *token = getenv(PLANNING_VARIABLE);
	const char *until = getenv(PLANNING_EXPIRES);
	uint64_t ms;

	buf_str(b, "{\"hold\":1");
	if (token && strlen(token) == PLANNING_TOKEN &&
	    strspn(token, "0123456789abcdef") == PLANNING_TOKEN)
		buf_fmt(b, ",%s%s\"", member, token);
	if (until && num_uint(slice_str(until), &ms) == 0)
		buf_fmt(b, ",%s%ju", expires, (uintmax_t)ms);
	buf_str(b, "}\n");
}

uint64_t planning_expires(struct slice hold)
{
	const size_t n = sizeof(expires) - 1;
	const char *at = hold.n > 0 ? memmem(hold.p, hold.n, expires, n) : NULL;
	size_t from, to;
	uint64_t ms;

	if (!at)
		return 0;
	from = to = (size_t)(at - hold.p) + n;
	while (to < hold.n && hold.p[to] >= '0' && hold.p[to] <= '9')
		to++;
	return num_uint(slice_of(hold.p + from, to - from), &ms) == 0 ? ms : 0;
}

/* The token in the text of a hold; empty if it has none. */
static struct slice token_of(struct slice hold)
{
	const size_t n = sizeof(member) - 1;
	const char *at = hold.n > 0 ? memmem(hold.p, hold.n, member, n) : NULL;

	return at && hold.n - (size_t)(at - hold.p) >= n + PLANNING_TOKEN
		       ? slice_of(at + n, PLANNING_TOKEN)
		       : slice_of(NULL, 0);
}

bool planning_is_ours(const struct planning *p, struct slice hold)
{
	return p->path && slice_is(token_of(hold), p->token);
}

static bool is_locked(int fd, bool look)
{
	struct err ignored;

	return look ? lock_held(fd) : lock_take(fd, true, 0, &ignored) == 0;
}

bool planning_is_dead(const char *dir, struct slice hold, bool look)
{
	char *path = folder_file(dir, PLANNING_NAME);
	struct slice token = token_of(hold);
	struct buf b = {0};
	struct err ignored;
	const char *at;
	bool dead = false;
	int fd = token.n > 0 ? file_open_own(path, O_RDONLY, ERR_IO, &ignored)
			     : -1;

	if (fd >= 0 && file_read(path, MOST, &b, &ignored) == 0 && b.n > 0) {
		at = memmem(b.p, b.n, token.p, token.n);
		dead = at && (at + PLANNING_TOKEN + 1 < b.p + b.n ||
			      !is_locked(fd, look));
	}
	if (fd >= 0)
		close(fd);
	buf_clear(&b);
	free(path);
	return dead;
}

void planning_forget(const char *dir)
{
	char *path = folder_file(dir, PLANNING_NAME);
	struct err ignored;
	int fd = file_open_own(path, O_RDWR, ERR_IO, &ignored);

	if (fd >= 0 && lock_take(fd, true, 0, &ignored) > 0)
		(void)unlink(path);
	if (fd >= 0)
		close(fd);
	free(path);
}
