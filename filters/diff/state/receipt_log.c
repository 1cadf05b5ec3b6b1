#include "diff/state/receipt_log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file_map.h"
#include "core/folder.h"
#include "core/mem.h"
#include "core/reader.h"
#include "core/tool.h"
#include "core/writer.h"
#include "diff/state/erase.h"
#include "diff/state/runs.h"
#include "wire/json/json.h"
#include "wire/stream/abort.h"

enum { FULL = 64 * 1024, STAMP = 24, RUN = 20 };

/* ---- writing ----------------------------------------------------------- */

static void give_up(struct receipt_log *l, const struct err *e)
{
	tool_warn("cannot keep the receipts of this run: %s", e->text);
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	l->line.n = 0;
}

void receipt_log_open(struct receipt_log *l, const struct state *s,
		      const char *started, const char *run)
{
	char *dir = folder_file(s->dir, "log");
	struct buf path = {0};
	struct err e;

	*l = (struct receipt_log){.fd = -1};
	buf_fmt(&path, "%s/%s-%s", dir, started, run[0] ? run : "-");
	l->path = buf_cstr(&path);
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		err_sys(&e, ERR_CREATE, "cannot create '%s'", dir);
	else
		l->fd = file_open_own(l->path, O_WRONLY | O_APPEND | O_CREAT,
				      ERR_CREATE, &e);
	free(dir);
	if (l->fd < 0) {
		give_up(l, &e);
		return;
	}
	/* a killed commit may have left half a line */
	if (lseek(l->fd, 0, SEEK_END) > 0)
		buf_char(&l->line, '\n');
	buf_str(&l->line, "{\"log\":1");
	control_add_text(&l->line, "run", slice_str(run));
	control_add_text(&l->line, "started", slice_str(started));
	buf_str(&l->line, "}\n");
}

static void member(struct buf *b, const char *name, struct slice json)
{
	if (json.n == 0)
		return;
	buf_fmt(b, ",\"%s\":", name);
	buf_slice(b, json);
}

void receipt_log_add(struct receipt_log *l, const struct failing_receipt *r)
{
	if (l->fd < 0 || r->id.n == 0)
		return;
	buf_str(&l->line, "{\"id\":");
	buf_slice(&l->line, r->id);
	member(&l->line, "operation", r->action);
	member(&l->line, "status", r->status);
	member(&l->line, "code", r->code);
	member(&l->line, "reason", r->reason);
	buf_str(&l->line, "}\n");
	if (l->line.n > FULL)
		receipt_log_flush(l);
}

void receipt_log_flush(struct receipt_log *l)
{
	struct err e;

	if (l->fd < 0 || l->line.n == 0)
		return;
	if (writer_all(l->fd, l->line.p, l->line.n, &e) < 0)
		give_up(l, &e);
	l->line.n = 0;
}

void receipt_log_close(struct receipt_log *l, const char *ended)
{
	if (!l->path)
		return;
	if (ended && l->fd >= 0) {
		buf_fmt(&l->line, "{\"ended\":\"%s\"}\n", ended);
		receipt_log_flush(l);
	}
	if (l->fd >= 0)
		close(l->fd);
	free(l->path);
	buf_clear(&l->line);
	*l = (struct receipt_log){.fd = -1};
}

/* ---- the files --------------------------------------------------------- */

static int is_file(const struct dirent *x)
{
	return strlen(x->d_name) > STAMP && x->d_name[STAMP] == '-';
}

/* The names of the files, ordered by time: returns their number, 0 if there is
 * no folder.
 */
static int list(const char *dir, struct dirent ***name, struct err *e)
{
	int n = scandir(dir, name, is_file, alphasort);

	if (n < 0 && errno != ENOENT)
		return err_sys(e, ERR_IO, "cannot open '%s'", dir);
	if (n < 0)
		*name = NULL;
	return n < 0 ? 0 : n;
}

static void free_list(struct dirent **name, int n)
{
	for (int i = 0; i < n; i++)
		free(name[i]);
	free(name);
}

static void path_to(struct buf *b, const char *dir, const char *name)
{
	b->n = 0;
	buf_fmt(b, "%s/%s", dir, name);
	(void)buf_cstr(b);
}

/* The start time from which files are kept; *oldest is empty if all are kept.
 */
static void find_oldest(struct dirent **name, int n, uint64_t now_ms,
			uint64_t keep_ms, char oldest[RUNS_STAMP + 1])
{
	const uint64_t day_ms = 24 * 3600 * 1000;
	uint64_t settled_ms = keep_ms < day_ms ? keep_ms : day_ms, newest_ms;
	char settled[RUNS_STAMP + 1];

	oldest[0] = '\0';
	if (now_ms <= settled_ms)
		return;
	runs_stamp(settled, now_ms - settled_ms);
	while (n > 0 && strncmp(name[n - 1]->d_name, settled, STAMP) > 0)
		n--;
	if (n > 0 &&
	    clock_read_stamp(slice_of(name[n - 1]->d_name, STAMP),
			     &newest_ms) == 0 &&
	    newest_ms > keep_ms)
		runs_stamp(oldest, newest_ms - keep_ms);
}

void receipt_log_prune(const struct state *s, uint64_t now_ms, uint64_t keep_ms)
{
	char *dir = folder_file(s->dir, "log"), oldest[RUNS_STAMP + 1];
	struct buf path = {0};
	struct dirent **name;
	struct err e;
	int n = list(dir, &name, &e);

	find_oldest(name, n, now_ms, keep_ms, oldest);
	for (int i = 0; i < n; i++) {
		path_to(&path, dir, name[i]->d_name);
		if (strncmp(name[i]->d_name, oldest, STAMP) < 0 &&
		    unlink(path.p) < 0 && errno != ENOENT)
			tool_warn("cannot remove '%s'", path.p);
	}
	if (n > 0)
		free_list(name, n);
	buf_clear(&path);
	free(dir);
}

/* Reads a file line by line; each line is padded for the scanner. */
struct lines {
	struct file_map map;
	size_t at;
	struct slice raw; /* the line in the file, with its LF */
	struct buf line;
	struct scan *scan;
};

static int lines_open(struct lines *l, const char *path, struct err *e)
{
	*l = (struct lines){.scan = scan_new()};
	return file_map(&l->map, path, e);
}

static void lines_close(struct lines *l)
{
	file_map_clear(&l->map);
	scan_free(l->scan);
	buf_clear(&l->line);
}

/* The next line. *ok: it is an object, whose members are in the scanner. */
static bool lines_next(struct lines *l, bool *ok)
{
	const char *p = l->map.p + l->at, *lf;
	size_t n;

	if (l->at >= l->map.n)
		return false;
	lf = memchr(p, '\n', l->map.n - l->at);
	n = lf ? (size_t)(lf - p) : l->map.n - l->at;
	l->raw = slice_of(p, n + (lf != NULL));
	l->at += n + 1;
	l->line.n = 0;
	buf_add(&l->line, p, n);
	memset(buf_room(&l->line, READER_PAD), 0, READER_PAD);
	*ok = scan_object(l->scan, buf_all(&l->line)) == 0;
	return true;
}

static struct slice value(const struct lines *l, const char *name)
{
	int at = scan_find(l->scan, slice_str(name));
	size_t n;

	return at < 0 ? slice_of(NULL, 0) : scan_members(l->scan, &n)[at].value;
}

/* ---- showing ----------------------------------------------------------- */

static void or_null(struct buf *b, const char *name, struct slice json)
{
	member(b, name, json.n > 0 ? json : slice_str("null"));
}

static void text_or_null(struct buf *b, const char *name, const char *text)
{
	if (text && text[0])
		control_add_text(b, name, slice_str(text));
	else
		or_null(b, name, slice_of(NULL, 0));
}

void receipt_log_row(struct buf *b, const struct state *s,
		     const struct receipt_log_row *r)
{
	buf_str(b, "{\"connection_id\":");
	json_string(b, slice_str(s->dir));
	text_or_null(b, "sync_run_id", r->run);
	or_null(b, "primary_key", r->id);
	or_null(b, "operation", r->operation);
	text_or_null(b, "status", r->status);
	or_null(b, "error_reason", r->reason);
	text_or_null(b, "sync_started_at", r->started);
	text_or_null(b, "sync_finished_at", r->ended);
	buf_str(b, "}\n");
}

/* sync_log of RudderStack has only these outcomes. */
static const char *outcome(struct slice status)
{
	if (slice_is(status, "\"accepted\"") ||
	    slice_is(status, "\"delivered\""))
		return "succeeded";
	return slice_is(status, "\"skipped\"") ? "skipped" : "failed";
}

static void tame(struct buf *to, struct slice reason)
{
	char text[ABORT_REASON + 1];
	struct buf plain = {0};

	json_decode(&plain, json_inner(reason));
	abort_reason(text, buf_cstr(&plain));
	json_string(to, slice_str(text));
	buf_clear(&plain);
}

static void copy_inner(char *to, size_t size, struct slice json)
{
	size_t n = json.n < 2 ? 0 : json.n - 2;

	n = n < size ? n : size - 1;
	if (n > 0)
		memcpy(to, json.p + 1, n);
	to[n] = '\0';
}

/* The end time of the run that begins at the current line, or "". */
static void find_end(const struct lines *l, char ended[STAMP + 1])
{
	static const char mark[] = "{\"ended\":\"";
	const char *p = l->map.p + l->at;
	size_t left = l->map.n > l->at ? l->map.n - l->at : 0;
	const char *at = left ? memmem(p, left, mark, sizeof(mark) - 1) : NULL;

	ended[0] = '\0';
	if (at && (size_t)(p + left - at) > sizeof(mark) - 1 + STAMP) {
		memcpy(ended, at + sizeof(mark) - 1, STAMP);
		ended[STAMP] = '\0';
	}
}

static void show_line(struct lines *l, const struct state *s, bool whole,
		      struct receipt_log_row *row, struct buf *b,
		      struct receipt_log_seen *seen)
{
	struct buf reason = {0};

	row->id = value(l, "id");
	row->operation = value(l, "operation");
	row->status = outcome(value(l, "status"));
	row->reason = value(l, "reason");
	if (!whole && row->reason.n > 2) {
		tame(&reason, row->reason);
		row->reason = buf_all(&reason);
	}
	receipt_log_row(b, s, row);
	buf_clear(&reason);
	seen->n++;
	seen->settled_last = strcmp(row->status, "failed") != 0;
	seen->settled = seen->settled || seen->settled_last;
	seen->deleted = slice_is(row->operation, "\"delete\"");
}

static int show_file(const struct state *s, const char *path,
		     const struct key *k, const char *id, bool whole,
		     struct buf *b, struct receipt_log_seen *seen,
		     struct err *e)
{
	char run[RUN + 1] = "", started[STAMP + 1] = "", ended[STAMP + 1] = "";
	struct receipt_log_row row = {
		.run = run, .started = started, .ended = ended};
	struct lines l;
	int rc = lines_open(&l, path, e);
	bool ok;

	while (rc > 0 && lines_next(&l, &ok)) {
		if (!ok)
			continue;
		if (value(&l, "log").n > 0) {
			copy_inner(run, sizeof(run), value(&l, "run"));
			copy_inner(started, sizeof(started),
				   value(&l, "started"));
			find_end(&l, ended);
		} else if (value(&l, "id").n > 0 &&
			   erase_has_value(k, value(&l, "id"), id)) {
			show_line(&l, s, whole, &row, b, seen);
		}
	}
	lines_close(&l);
	return rc < 0 ? -1 : 0;
}

int receipt_log_show(const struct state *s, const struct key *k, const char *id,
		     bool whole, struct buf *b, struct receipt_log_seen *seen,
		     struct err *e)
{
	char *dir = folder_file(s->dir, "log");
	struct buf path = {0};
	struct dirent **name = NULL;
	int n = list(dir, &name, e), rc = n < 0 ? -1 : 0;

	*seen = (struct receipt_log_seen){.files = n > 0 ? (size_t)n : 0};
	for (int i = 0; i < n && rc == 0; i++) {
		path_to(&path, dir, name[i]->d_name);
		rc = show_file(s, path.p, k, id, whole, b, seen, e);
	}
	if (n > 0)
		free_list(name, n);
	buf_clear(&path);
	free(dir);
	return rc;
}

/* ---- forgetting -------------------------------------------------------- */

static int forget_in(const char *path, const struct key *k, const char *id,
		     bool *found, struct err *e)
{
	struct buf left = {0};
	struct lines l;
	int rc = lines_open(&l, path, e);
	bool any = false, ok;

	while (rc > 0 && lines_next(&l, &ok)) {
		/* a torn line may be the key's, so it is dropped too */
		if (ok && (value(&l, "id").n == 0 ||
			   !erase_has_value(k, value(&l, "id"), id)))
			buf_slice(&left, l.raw);
		else
			any = true;
		*found = *found || (ok && any);
	}
	if (rc > 0)
		rc = any ? writer_replace(path, buf_all(&left), e) : 0;
	lines_close(&l);
	buf_clear(&left);
	return rc;
}

int receipt_log_forget(const struct state *s, const struct key *k,
		       const char *id, bool *found, struct err *e)
{
	char *dir = folder_file(s->dir, "log");
	struct buf path = {0};
	struct dirent **name = NULL;
	int n = list(dir, &name, e), rc = n < 0 ? -1 : 0;

	for (int i = 0; i < n && rc == 0; i++) {
		path_to(&path, dir, name[i]->d_name);
		rc = forget_in(path.p, k, id, found, e);
	}
	if (n > 0)
		free_list(name, n);
	buf_clear(&path);
	free(dir);
	return rc;
}
