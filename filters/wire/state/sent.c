#include "wire/state/sent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/file_map.h"
#include "core/folder.h"
#include "core/mem.h"
#include "core/num.h"
#include "wire/json/hash.h"

enum { WORDS_MAX = 8, SUM = 16 };

void sent_id(char id[SENT_ID + 1])
{
	uint64_t random;

	clock_random(&random, sizeof(random));
	num_to_hex(random, id);
	id[SENT_ID] = '\0';
}

/* ---- writing ----------------------------------------------------------- */

static void put_sum(struct buf *b)
{
	char sum[SUM];

	num_to_hex(hash_bytes(b->p, b->n, 0).lo, sum);
	buf_char(b, ' ');
	buf_add(b, sum, sizeof(sum));
}

/* If a power failure has left half a line, the next line must start with an LF.
 */
static bool ends_a_line(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char last = '\n';

	return end <= 0 || pread(fd, &last, 1, end - 1) != 1 || last == '\n';
}

static int append(const char *dir, struct buf *line, bool durable,
		  struct err *e)
{
	char *path = folder_file(dir, SENT_NAME);
	bool is_new = access(path, F_OK) < 0;
	int fd, rc = -1;

	put_sum(line);
	buf_char(line, '\n');
	fd = file_open_own(path, O_RDWR | O_APPEND | O_CREAT, ERR_CREATE, e);
	if (fd < 0)
		goto out;
	if ((!ends_a_line(fd) && file_write_once(fd, slice_str("\n"), e) < 0) ||
	    file_write_once(fd, buf_all(line), e) < 0)
		goto out;
	if (durable && fdatasync(fd) < 0) {
		file_failed(fd, ERR_IO, "cannot sync", e);
		goto out;
	}
	rc = durable && is_new ? file_sync_dir(dir, e) : 0;
out:
	if (fd >= 0)
		close(fd);
	free(path);
	buf_clear(line);
	return rc;
}

int sent_start(const char *dir, const char *attempt, const char *id,
	       bool command, struct err *e)
{
	struct buf line = {0};

	buf_fmt(&line, "1 start %s %s %ld %s", attempt, id, (long)getpid(),
		command ? "exec" : "-");
	return append(dir, &line, true, e);
}

int sent_end(const char *dir, const char *attempt, const char *id,
	     uint64_t taken, uint64_t doubt, struct err *e)
{
	struct buf line = {0};

	buf_fmt(&line, "1 end %s %s %ju %ju", attempt, id, (uintmax_t)taken,
		(uintmax_t)doubt);
	return append(dir, &line, false, e);
}

int sent_settled(const char *dir, const char *attempt, const char *id,
		 struct err *e)
{
	struct buf line = {0};

	buf_fmt(&line, "1 settled %s %s", attempt, id ? id : "-");
	return append(dir, &line, true, e);
}

int sent_remove(const char *dir, struct err *e)
{
	char *path = folder_file(dir, SENT_NAME);
	int rc = file_remove(path, e);

	free(path);
	return rc;
}

/* ---- reading ----------------------------------------------------------- */

static bool sum_fits(struct slice *line)
{
	char sum[SUM];
	size_t n;

	if (line->n <= SUM + 1)
		return false;
	n = line->n - SUM - 1;
	num_to_hex(hash_bytes(line->p, n, 0).lo, sum);
	if (line->p[n] != ' ' || memcmp(line->p + n + 1, sum, SUM) != 0)
		return false;
	*line = slice_of(line->p, n);
	return true;
}

static size_t split(struct slice line, struct slice word[WORDS_MAX])
{
	size_t n = 0;

	while (line.n > 0 && n < WORDS_MAX) {
		const char *blank = memchr(line.p, ' ', line.n);
		size_t len = blank ? (size_t)(blank - line.p) : line.n;

		word[n++] = slice_of(line.p, len);
		len += blank ? 1 : 0;
		line = slice_of(line.p + len, line.n - len);
	}
	return n;
}

static struct sent_sender *sender_of(struct sent *s, struct slice id)
{
	for (size_t i = 0; i < s->n; i++) {
		if (slice_is(id, s->sender[i].id))
			return &s->sender[i];
	}
	s->sender = mem_resize(s->sender, (s->n + 1) * sizeof(*s->sender));
	s->sender[s->n] = (struct sent_sender){.pid = 0};
	memcpy(s->sender[s->n].id, id.p, SENT_ID);
	return &s->sender[s->n++];
}

static bool take_start(struct sent *s, const struct slice *word, size_t n)
{
	struct sent_sender *x;
	uint64_t pid;

	if (n != 6 || num_uint(word[4], &pid) < 0)
		return false;
	x = sender_of(s, word[3]);
	x->pid = (long)pid;
	x->command = slice_is(word[5], "exec");
	return true;
}

static bool take_end(struct sent *s, const struct slice *word, size_t n)
{
	struct sent_sender *x;
	uint64_t taken, doubt;

	if (n != 6 || num_uint(word[4], &taken) < 0 ||
	    num_uint(word[5], &doubt) < 0)
		return false;
	x = sender_of(s, word[3]);
	x->ended = true;
	x->taken = taken;
	x->doubt = doubt;
	return true;
}

/* Adds a line to s: false if it could not be read. */
static bool take(struct sent *s, struct slice line, struct slice attempt)
{
	struct slice word[WORDS_MAX];
	size_t n;

	if (!sum_fits(&line))
		return false;
	n = split(line, word);
	if (n < 4 || !slice_is(word[0], "1") || word[2].n != SENT_ATTEMPT)
		return false;
	if (attempt.n > 0 && !slice_eq(word[2], attempt))
		return true;
	if (slice_is(word[1], "settled") && slice_is(word[3], "-")) {
		s->committed = true;
		return true;
	}
	if (word[3].n != SENT_ID)
		return false;
	if (slice_is(word[1], "start"))
		return take_start(s, word, n);
	if (slice_is(word[1], "end"))
		return take_end(s, word, n);
	if (!slice_is(word[1], "settled"))
		return false;
	sender_of(s, word[3])->settled = true;
	return true;
}

int sent_read(struct sent *s, const char *dir, struct slice attempt,
	      struct err *e)
{
	char *path = folder_file(dir, SENT_NAME);
	struct file_map map;
	struct slice all;
	int rc = file_map(&map, path, e);

	*s = (struct sent){.n = 0};
	free(path);
	if (rc <= 0)
		return rc;
	for (all = slice_of(map.p, map.n); all.n > 0;) {
		const char *lf = memchr(all.p, '\n', all.n);
		size_t n = lf ? (size_t)(lf - all.p) : all.n;

		if (n > 0 && !take(s, slice_of(all.p, n), attempt))
			s->damaged = true;
		n += lf ? 1 : 0;
		all = slice_of(all.p + n, all.n - n);
	}
	file_map_clear(&map);
	return 0;
}

void sent_clear(struct sent *s)
{
	free(s->sender);
	*s = (struct sent){.n = 0};
}

bool sent_by_others(const struct sent *s, const char *id, struct slice refused)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct sent_sender *x = &s->sender[i];
		bool known = refused.n > 0 && memmem(refused.p, refused.n,
						     x->id, SENT_ID) != NULL;

		if (x->settled || strcmp(x->id, id) == 0)
			continue;
		if (!x->ended || x->doubt > 0 || (x->taken > 0 && !known))
			return true;
	}
	return s->damaged;
}
