#include "query/if_changed.h"

#include <unistd.h>

#include "core/counts.h"
#include "core/linux.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"
#include "wire/state/cursor.h"

#define COLUMN "\"--if-changed\""
#define TYPE   "\"probe\""

enum { FLUSH = 64 * 1024, SHOWN = 500 };

int if_changed_check(const struct query_options *o, const struct source *s,
		     struct err *e)
{
	if (!o->if_changed)
		return 0;
	if (!s->sql)
		return err_names(e, ERR_USAGE,
				 "source '%s:' does not support --if-changed",
				 s->scheme[0]);
	if (!o->cursor_state)
		return err_set(e, ERR_USAGE,
			       "--if-changed needs --cursor-state <folder>, "
			       "the state of rudder-diff");
	if (o->cursor || o->since || o->overlap || o->limit != UINT64_MAX)
		return err_set(e, ERR_USAGE,
			       "--if-changed excludes --cursor, --since, "
			       "--overlap and --limit");
	return 0;
}

/* Reads the row, the second line that was written to fd, into x->value. */
static void take_row(struct if_changed *x, int fd)
{
	struct buf all = {0};
	struct hash h;
	const char *from;
	ssize_t n;

	(void)lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buf_room(&all, FLUSH), FLUSH)) > 0)
		all.n += (size_t)n;
	from = memchr(all.p, '\n', all.n);
	if (from) {
		from++;
		buf_add(&x->value, from,
			strcspn(from, "\n") < all.n ? strcspn(from, "\n") : 0);
	}
	buf_clear(&all);
	if (x->value.n <= SHOWN)
		return;
	h = hash_bytes(x->value.p, x->value.n, 0);
	x->value.n = 0;
	buf_fmt(&x->value, "%016jx%016jx", (uintmax_t)h.hi, (uintmax_t)h.lo);
}

static int ask(struct if_changed *x, const struct source *s,
	       const struct source_job *job, struct rows *r, struct err *e)
{
	if (s->run(job, r, e) < 0 || writer_flush(r->w, e) < 0)
		return -1;
	if (r->n != 1 || r->rows != 1 || r->rejects > 0)
		return err_names(
			e, ERR_CONFIG,
			"%zu column%s, %ju row%s; expected one of each", r->n,
			COUNTS_S(r->n), (uintmax_t)(r->rows + r->rejects),
			COUNTS_S(r->rows + r->rejects));
	take_row(x, r->fd);
	return 0;
}

/* Runs the query with its output in a memory file. */
static int ask_source(struct if_changed *x, const struct query_options *o,
		      const struct source *s, const struct source_job *model,
		      uint64_t until_ms, struct err *e)
{
	const struct progress_count none[] = {{0}};
	struct model_param room[1] = {{.value = NULL}};
	const struct model_from from = {.sql = o->if_changed, .param = room};
	struct source_job job = *model;
	struct progress progress;
	struct model m = {0};
	struct rows r = {.fd = linux_memory_file("if-changed"),
			 .limit = 2,
			 .until_ms = until_ms,
			 .cursor_type = "any",
			 .run = "",
			 .model = "",
			 .params = "",
			 .source = "",
			 .started = "",
			 .clock = "",
			 .reads = ""};
	int rc;

	if (r.fd < 0)
		return err_sys(e, ERR_OS, "cannot make a file in memory");
	progress_init(&progress, none);
	r.progress = &progress;
	r.w = writer_new(r.fd, FLUSH);
	job.model = &m;
	rc = model_read(&m, &from, s->sql, e);
	m.name = "--if-changed";
	if (rc == 0)
		rc = ask(x, s, &job, &r, e);
	progress_end(&progress);
	rows_clear(&r);
	writer_free(r.w);
	close(r.fd);
	model_clear(&m);
	return rc < 0 ? err_in(e, "--if-changed") : 0;
}

static bool is_text(struct slice json, struct slice text)
{
	struct buf b = {0};
	bool same;

	json_string(&b, text);
	same = slice_eq(json, buf_all(&b));
	buf_clear(&b);
	return same;
}

static int compare(struct if_changed *x, const char *state, const char *reads,
		   struct err *e)
{
	struct buf path = {0};
	struct cursor c;
	int rc;

	buf_fmt(&path, "%s/" CURSOR_FILE, state);
	rc = cursor_load(&c, buf_cstr(&path), e);
	x->same = rc > 0 && slice_is(c.column, COLUMN) &&
		  cursor_is_of(&c, slice_str(reads)) &&
		  is_text(c.value, buf_all(&x->value));
	cursor_clear(&c);
	buf_clear(&path);
	return rc < 0 ? -1 : 0;
}

int if_changed_ask(struct if_changed *x, const struct query_options *o,
		   const struct source *s, const struct source_job *job,
		   const struct rows *rows, struct err *e)
{
	if (ask_source(x, o, s, job, rows->until_ms, e) < 0)
		return -1;
	return o->full ? 0 : compare(x, o->cursor_state, rows->reads, e);
}

void if_changed_end(const struct if_changed *x, struct buf *b)
{
	if (x->same)
		buf_str(b, ",\"unchanged\":true");
	buf_str(b, ",\"cursor\":{\"column\":" COLUMN ",\"type\":" TYPE);
	if (x->same) {
		buf_str(b, ",\"since\":");
		json_string(b, buf_all(&x->value));
	}
	buf_str(b, ",\"value\":");
	json_string(b, buf_all(&x->value));
	buf_char(b, '}');
}
