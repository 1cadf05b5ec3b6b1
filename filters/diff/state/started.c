#include "diff/state/started.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/file_map.h"
#include "core/folder.h"
#include "core/moment.h"
#include "core/writer.h"
#include "wire/json/hash.h"

#define STARTED_FILE "started"

static const char head[] = "{\"rudder_started\":1,\"clock\":\"";
static const char foot[] = "\",\"sum\":\"";

static void put_text(struct buf *b, struct slice clock)
{
	struct hash sum;

	buf_add(b, head, sizeof(head) - 1);
	buf_slice(b, clock);
	buf_add(b, foot, sizeof(foot) - 1);
	sum = hash_bytes(b->p, b->n, 0);
	buf_fmt(b, "%016jx%016jx\"}\n", (uintmax_t)sum.hi, (uintmax_t)sum.lo);
}

/* Takes the clock from the text of the file: -1 if the text is damaged. */
static int parse(struct slice text, struct buf *clock)
{
	struct buf again = {0};
	const char *from = text.p + sizeof(head) - 1, *to;
	bool same = false;

	to = text.n > sizeof(head)
		     ? memchr(from, '"', text.n - sizeof(head) + 1)
		     : NULL;
	if (to) {
		put_text(&again, slice_of(from, (size_t)(to - from)));
		same = slice_eq(buf_all(&again), text);
	}
	if (same)
		buf_add(clock, from, (size_t)(to - from));
	buf_clear(&again);
	return same ? 0 : -1;
}

/* 1, 0 if there is no file, -1. */
static int load(const struct state *s, struct buf *clock, struct err *e)
{
	char *path = folder_file(s->dir, STARTED_FILE);
	struct file_map f;
	int rc = file_map(&f, path, e);

	if (rc > 0) {
		if (parse(slice_of(f.p, f.n), clock) < 0)
			rc = err_names(
				e, ERR_CONFIG,
				"'%s' is damaged, or was written by a "
				"newer rudder; remove it: older rows are "
				"then accepted until the next commit",
				path);
		file_map_clear(&f);
	}
	free(path);
	return rc;
}

static int refuse(struct slice clock, struct slice last, struct err *e)
{
	struct buf is = {0}, was = {0};
	uint64_t ms = 0;

	if (moment_wall(clock, &ms) == 0)
		clock_stamp(&is, ms);
	if (moment_wall(last, &ms) == 0)
		clock_stamp(&was, ms);
	(void)err_names(
		e, ERR_CONFIG,
		"these rows were read at %s, before those of the last "
		"commit (%s), and would overwrite newer values; read the "
		"rows again, or use --allow-older",
		buf_cstr(&is), buf_cstr(&was));
	buf_clear(&is);
	buf_clear(&was);
	return -1;
}

/* Whether rows with this clock are older than those of the last commit. */
static bool is_older(struct slice clock, struct slice last)
{
	struct buf now = {0};
	bool older;

	moment_now(&now);
	older = moment_before(clock, last, buf_all(&now),
			      STARTED_TOLERANCE_MS) == MOMENT_BEFORE;
	buf_clear(&now);
	return older;
}

int started_check(const struct state *s, struct slice clock, struct err *e)
{
	struct buf last = {0};
	int rc;

	if (clock.n == 0 || !s->dir)
		return 0;
	rc = load(s, &last, e);
	if (rc > 0)
		rc = is_older(clock, buf_all(&last))
			     ? refuse(clock, buf_all(&last), e)
			     : 0;
	buf_clear(&last);
	return rc;
}

static int write_file(const char *path, struct slice clock, struct err *e)
{
	struct buf b = {0};
	int rc;

	put_text(&b, clock);
	rc = writer_replace(path, buf_all(&b), e);
	buf_clear(&b);
	return rc;
}

int started_replace(const struct state *s, struct slice clock, struct err *e)
{
	char *path = folder_file(s->dir, STARTED_FILE);
	uint64_t ms;
	int rc = moment_wall(clock, &ms) == 0 ? write_file(path, clock, e)
					      : file_remove(path, e);

	free(path);
	return rc;
}

int started_store(const struct state *s, struct slice clock, struct err *e)
{
	struct buf last = {0};
	uint64_t ms;
	int rc;

	if (moment_wall(clock, &ms) < 0)
		return 0;
	rc = load(s, &last, e);
	if (rc == 0 || (rc > 0 && !slice_eq(clock, buf_all(&last)) &&
			!is_older(clock, buf_all(&last))))
		rc = started_replace(s, clock, e);
	buf_clear(&last);
	return rc < 0 ? -1 : 0;
}

void started_show(const struct state *s, struct buf *b)
{
	struct buf last = {0};
	struct err ignored;
	uint64_t ms;

	if (load(s, &last, &ignored) > 0 &&
	    moment_wall(buf_all(&last), &ms) == 0) {
		buf_str(b, ",\"started\":\"");
		clock_stamp(b, ms);
		buf_char(b, '"');
	}
	buf_clear(&last);
}
