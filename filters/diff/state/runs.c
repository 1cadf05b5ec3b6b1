#include "diff/state/runs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file_map.h"
#include "core/folder.h"
#include "core/tool.h"
#include "core/writer.h"
#include "diff/state/record_lines.h"
#include "wire/json/json.h"

enum { FORMAT = 1, TAIL = 64 * 1024 };

static const char *const names[RUNS_COUNTS] = {
	[RUNS_ROWS] = "rows",           [RUNS_INSERTS] = "inserts",
	[RUNS_UPDATES] = "updates",     [RUNS_DELETES] = "deletes",
	[RUNS_UNCHANGED] = "unchanged", [RUNS_IGNORED] = "ignored",
	[RUNS_BLOCKED] = "blocked",     [RUNS_POSTPONED] = "postponed",
	[RUNS_DEFERRED] = "deferred",   [RUNS_RECEIPTS] = "receipts",
	[RUNS_SUCCEEDED] = "succeeded", [RUNS_SKIPPED] = "skipped",
	[RUNS_FAILED] = "failed",       [RUNS_REJECTED] = "rejected",
	[RUNS_UNKNOWN] = "unknown",     [RUNS_UNTRIED] = "untried",
	[RUNS_PENDING] = "pending",     [RUNS_FAILING] = "failing",
	[RUNS_COMMIT_MS] = "commit_ms", [RUNS_QUERY_MS] = "query_ms",
	[RUNS_DIFF_MS] = "diff_ms",     [RUNS_MAP_MS] = "map_ms",
	[RUNS_SEND_MS] = "send_ms",
};

const char *runs_name(enum runs_count c)
{
	return names[c];
}

void runs_stamp(char stamp[RUNS_STAMP + 1], uint64_t wall_ms)
{
	struct buf b = {0};

	clock_stamp(&b, wall_ms);
	memcpy(stamp, b.p, b.n < RUNS_STAMP ? b.n : RUNS_STAMP);
	stamp[b.n < RUNS_STAMP ? b.n : RUNS_STAMP] = '\0';
	buf_clear(&b);
}

/* ---- writing ----------------------------------------------------------- */

void runs_show(struct buf *b, const struct run_record *r)
{
	buf_fmt(b, "{\"v\":%d", FORMAT);
	control_add_text(b, "run", slice_str(r->run));
	control_add_text(b, "attempt", slice_str(r->attempt));
	control_add_text(b, "started", slice_str(r->started));
	control_add_text(b, "ended", slice_str(r->ended));
	if (r->ended[0] != '\0')
		control_add_count(b, "ms", r->ms);
	if (r->status >= 0)
		control_add_count(b, "status", (uint64_t)r->status);
	else
		buf_str(b, ",\"status\":null");
	control_add_text(b, "stage", slice_str(r->stage));
	control_add_text(b, "reason", slice_str(r->reason));
	buf_fmt(b, ",\"complete\":%s", r->complete ? "true" : "false");
	control_add_text(b, "mode", slice_str(r->mode));
	for (size_t i = 0; i < RUNS_COUNTS; i++) {
		if (r->has[i])
			control_add_count(b, names[i], r->count[i]);
	}
	if (r->generation > 0)
		control_add_count(b, "generation", r->generation);
	buf_char(b, '}');
}

/* Whether a power failure has left half a line at the end: the next record must
 * start a new one.
 */
static bool is_torn(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char last = '\n';

	return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

static int append(const char *path, const struct run_record *r, struct err *e)
{
	struct buf b = {0};
	struct stat st;
	int fd =
		file_open_own(path, O_RDWR | O_APPEND | O_CREAT, ERR_CREATE, e);
	int rc = fd < 0 ? -1 : 0;

	if (rc == 0 && is_torn(fd))
		buf_char(&b, '\n');
	runs_show(&b, r);
	buf_char(&b, '\n');
	if (rc == 0 && b.n <= RUNS_LINE)
		rc = file_write_once(fd, buf_all(&b), e);
	/* another process has just trimmed the file, and this is the old one */
	if (rc == 0 && fstat(fd, &st) == 0 && st.st_nlink == 0)
		rc = 1;
	if (fd >= 0)
		close(fd);
	buf_clear(&b);
	return rc;
}

/* Whether the run itself has failed with this error of its state and reported
 * it.
 */
static bool is_reported(const struct run_record *r, const struct err *e)
{
	return r->status == err_status(e->kind) &&
	       (strcmp(r->stage, "diff") == 0 ||
		strcmp(r->stage, "commit") == 0);
}

void runs_add(const struct state *s, const struct run_record *r)
{
	char *path = folder_file(s->dir, "runs");
	struct err e;
	int rc = append(path, r, &e);

	if (rc > 0)
		rc = append(path, r, &e);
	if (rc < 0 && is_reported(r, &e))
		tool_info("cannot record this run: %s", e.text);
	else if (rc < 0)
		tool_warn("cannot record this run: %s", e.text);
	free(path);
}

/* Where the newest `keep` lines begin, or 0 if the file has less than twice as
 * many. Empty lines, which come from is_torn, are not counted.
 */
static size_t kept_from(const struct file_map *m, size_t keep)
{
	size_t at = m->n, n = 0, from = 0;

	while (at > 0) {
		const char *lf = memrchr(m->p, '\n', at - 1);
		size_t end = at;

		at = lf ? (size_t)(lf - m->p) + 1 : 0;
		if (end - at > 1 && ++n == keep)
			from = at;
	}
	return n >= 2 * keep ? from : 0;
}

/* Copies what was added to the old file while it was being replaced. */
static int add_rest(const char *path, int old, size_t from, struct err *e)
{
	char rest[RUNS_LINE * 4];
	ssize_t n = pread(old, rest, sizeof(rest), (off_t)from);
	int fd, rc;

	if (n <= 0)
		return 0;
	fd = file_open_own(path, O_WRONLY | O_APPEND, ERR_IO, e);
	if (fd < 0)
		return -1;
	rc = writer_all(fd, rest, (size_t)n, e);
	close(fd);
	return rc;
}

static int trim(const char *path, int old, const struct file_map *m,
		size_t keep, struct err *e)
{
	size_t from = kept_from(m, keep);

	if (from == 0)
		return 0;
	if (writer_replace(path, slice_of(m->p + from, m->n - from), e) < 0)
		return -1;
	return add_rest(path, old, m->n, e);
}

void runs_trim(const struct state *s, size_t keep)
{
	enum { LEAST = 32 }; /* bytes of a record */
	char *path = folder_file(s->dir, "runs");
	struct file_map m = {0};
	struct stat st;
	struct err e;
	int fd = file_open_own(path, O_RDONLY, ERR_IO, &e);

	if (fd >= 0 && fstat(fd, &st) == 0 &&
	    st.st_size > (off_t)(2 * keep * LEAST) &&
	    file_map_fd(&m, fd, path, &e) > 0) {
		if (trim(path, fd, &m, keep, &e) < 0)
			tool_warn("%s", e.text);
		file_map_clear(&m);
	}
	if (fd >= 0)
		close(fd);
	free(path);
}

/* ---- reading ----------------------------------------------------------- */

static bool parse(struct scan *s, struct slice line, struct run_record *r)
{
	uint64_t status;

	*r = (struct run_record){.status = -1};
	if (scan_object(s, line) < 0)
		return false;
	record_lines_text(s, "run", r->run, sizeof(r->run));
	record_lines_text(s, "attempt", r->attempt, sizeof(r->attempt));
	record_lines_text(s, "started", r->started, sizeof(r->started));
	record_lines_text(s, "ended", r->ended, sizeof(r->ended));
	record_lines_text(s, "stage", r->stage, sizeof(r->stage));
	record_lines_text(s, "reason", r->reason, sizeof(r->reason));
	record_lines_text(s, "mode", r->mode, sizeof(r->mode));
	(void)record_lines_count(s, "ms", &r->ms);
	(void)record_lines_count(s, "generation", &r->generation);
	if (record_lines_count(s, "status", &status) && status < 256)
		r->status = (int)status;
	r->complete = slice_is(record_lines_member(s, "complete"), "true");
	for (size_t i = 0; i < RUNS_COUNTS; i++)
		r->has[i] = record_lines_count(s, names[i], &r->count[i]);
	return true;
}

int runs_each(const struct state *s, runs_each_fn *each, void *ctx,
	      struct err *e)
{
	struct buf all = {0};
	struct scan *scan = scan_new();
	char *path = folder_file(s->dir, "runs");
	struct slice rest, line;
	struct run_record r;
	int rc = record_lines_read(path, &all, e);
	bool more = rc > 0, whole;

	rest = buf_all(&all);
	/* the last line may be torn, or is being written */
	while (more && record_lines_next(&rest, &line, &whole) && whole) {
		if (line.n > 0 && parse(scan, line, &r))
			more = each(ctx, &r, line);
	}
	scan_free(scan);
	buf_clear(&all);
	free(path);
	return rc < 0 ? -1 : 0;
}

/* Stops at the first record of a run after which there was a snapshot. */
static bool had_none(void *ctx, const struct run_record *r, struct slice line)
{
	bool *had_snapshot = ctx;

	(void)line;
	*had_snapshot = r->generation > 0;
	return !*had_snapshot;
}

int runs_check_snapshot(const struct state *s, struct err *e)
{
	bool had_snapshot = false;

	if (access(s->snapshot_path, F_OK) == 0 || errno != ENOENT)
		return 0;
	if (runs_each(s, had_none, &had_snapshot, e) < 0)
		return -1;
	if (!had_snapshot)
		return 0;
	return err_names(e, ERR_CONFIG,
			 "'%s' has lost its file snapshot: restore the folder "
			 "from a backup, or use a new one to send all rows; "
			 "see 'damaged state' in rudder-sync(7)",
			 s->dir);
}

/* Whether the token is in the last records of the file; *exists: there is a
 * file.
 */
static bool find_token(const struct state *s, const char *token, bool *exists)
{
	char *path = folder_file(s->dir, "runs"), *text;
	struct err ignored;
	int fd = file_open_own(path, O_RDONLY, ERR_IO, &ignored);
	off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	struct buf b = {0};
	bool found = false;
	ssize_t n;

	*exists = fd >= 0;
	if (end > 0) {
		text = buf_room(&b, TAIL);
		n = pread(fd, text, TAIL, end > TAIL ? end - TAIL : 0);
		found = n > 0 && memmem(text, (size_t)n, token, strlen(token));
	}
	if (fd >= 0)
		close(fd);
	buf_clear(&b);
	free(path);
	return found;
}

bool runs_unrecorded(const struct state *s, const struct state_token *last,
		     struct run_record *r)
{
	bool exists;

	if (last->attempt[0] == '\0' || last->other ||
	    find_token(s, last->attempt, &exists))
		return false;
	/* a state of an earlier release has no records */
	if (!exists && access(s->snapshot_path, F_OK) == 0)
		return false;
	*r = (struct run_record){.status = -1};
	memcpy(r->attempt, last->attempt, sizeof(r->attempt));
	runs_stamp(r->started, last->taken_ms);
	if (last->run[0] != '\0')
		memcpy(r->run, last->run, sizeof(last->run));
	else if (clock_is_run_id(s->pending.run))
		memcpy(r->run, s->pending.run.p, s->pending.run.n);
	snprintf(r->reason, sizeof(r->reason),
		 "no commit: the run (pid %ld) was killed, or its receipts "
		 "are not committed",
		 last->pid);
	return true;
}

void runs_add_missing(const struct state *s)
{
	struct run_record r;

	if (runs_unrecorded(s, &s->before, &r))
		runs_add(s, &r);
}
