#include "diff/state/cursor_file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/folder.h"
#include "core/tool.h"
#include "wire/json/json.h"
#include "wire/state/cursor.h"

/* An id of the state that reveals nothing of its seed. */
static void put_mark(struct buf *b, const struct state *s)
{
	static const char what[] = "cursor";
	struct hash h = hash_bytes(what, sizeof(what), s->seed);

	buf_fmt(b, "\"%016jx%016jx\"", (uintmax_t)h.hi, (uintmax_t)h.lo);
}

static bool belongs(const struct state *s, const struct cursor *c)
{
	struct buf mark = {0};
	bool same;

	put_mark(&mark, s);
	same = slice_eq(buf_all(&mark), c->state) &&
	       c->generation <= s->generation;
	buf_clear(&mark);
	return same;
}

int cursor_file_forget(const struct state *s, struct err *e)
{
	char *path = folder_file(s->dir, CURSOR_FILE);
	int rc = 0;

	if (unlink(path) == 0)
		rc = file_sync_dir(s->dir, e);
	else if (errno != ENOENT)
		rc = err_sys(e, ERR_IO, "cannot remove '%s'", path);
	free(path);
	return rc;
}

static int load(const struct state *s, struct cursor *c, struct err *e)
{
	char *path = folder_file(s->dir, CURSOR_FILE);
	int rc = cursor_load(c, path, e);

	free(path);
	return rc;
}

int cursor_file_check(const struct state *s, struct err *e)
{
	struct cursor c;
	int rc = load(s, &c, e);

	if (rc > 0 && !belongs(s, &c)) {
		tool_warn("the cursor of '%s' does not belong to its snapshot: "
			  "cursor removed; the next run reads all rows",
			  s->dir);
		rc = cursor_file_forget(s, e);
	}
	cursor_clear(&c);
	return rc < 0 ? -1 : 0;
}

static bool is_probe(const struct cursor *c)
{
	return slice_is(c->type, "\"probe\"");
}

int cursor_file_begin(const struct state *s, struct err *e)
{
	struct cursor c;
	int rc = load(s, &c, e);

	if (rc > 0 && is_probe(&c))
		rc = cursor_file_forget(s, e);
	cursor_clear(&c);
	return rc < 0 ? -1 : 0;
}

bool cursor_file_is_probe(struct slice object)
{
	struct cursor c;
	bool is = cursor_parse(&c, object) == 0 && is_probe(&c);

	cursor_clear(&c);
	return is;
}

int cursor_file_pass(const struct state *s, struct buf *b, struct slice object,
		     struct slice by, struct err *e)
{
	struct cursor now, old = {0};
	struct buf quoted = {0};
	bool another = false;
	int rc = 0;

	if (object.n == 0 || !s)
		return 0;
	json_string(&quoted, by);
	if (cursor_parse(&now, object) == 0) {
		rc = load(s, &old, e);
		another = rc > 0 && !slice_eq(old.by, buf_all(&quoted));
		if (another)
			rc = cursor_file_forget(s, e);
		buf_str(b, ",\"cursor\":");
		buf_add(b, object.p, object.n - 1);
		buf_str(b, ",\"by\":");
		buf_slice(b, buf_all(&quoted));
		buf_char(b, '}');
	}
	cursor_clear(&now);
	cursor_clear(&old);
	buf_clear(&quoted);
	return rc < 0 ? -1 : another;
}

/* Whether the run has read from the stored cursor on. A file of 0.1 has the
 * fingerprint of the model unsealed.
 */
static bool follows(const struct cursor *now, const struct cursor *old,
		    const struct state *s, struct slice model)
{
	struct buf key = {0}, sealed = {0};
	bool same = slice_eq(now->since, old->value) &&
		    slice_eq(now->column, old->column) &&
		    slice_eq(now->type, old->type) &&
		    slice_eq(now->by, old->by);

	if (old->key.n > 0 || old->model.n == 0)
		return same && slice_eq(model, old->model);
	cursor_key(&key, s->seed);
	buf_char(&sealed, '"');
	cursor_seal(&sealed, buf_all(&key), json_inner(old->model));
	buf_char(&sealed, '"');
	same = same && (slice_eq(model, buf_all(&sealed)) ||
			slice_eq(model, old->model));
	buf_clear(&key);
	buf_clear(&sealed);
	return same;
}

static int replace(const struct state *s, struct cursor *now,
		   struct slice model, uint64_t generation, struct err *e)
{
	struct buf mark = {0}, key = {0};
	char *path = folder_file(s->dir, CURSOR_FILE);
	int rc;

	put_mark(&mark, s);
	buf_char(&key, '"');
	cursor_key(&key, s->seed);
	buf_char(&key, '"');
	now->key = buf_all(&key);
	now->state = buf_all(&mark);
	now->since = slice_of(NULL, 0);
	now->model = model;
	now->generation = generation;
	rc = cursor_store(now, path, e);
	free(path);
	buf_clear(&mark);
	buf_clear(&key);
	return rc;
}

int cursor_file_store(const struct state *s, struct slice object,
		      struct slice model, uint64_t generation, struct err *e)
{
	struct cursor now, old = {0};
	struct buf quoted = {0};
	int rc = 0;

	if (generation == 0 || cursor_parse(&now, object) < 0)
		return 0;
	json_string(&quoted, model);
	if (now.value.n > 0 && now.since.n > 0) {
		rc = load(s, &old, e);
		if (rc >= 0 &&
		    (rc == 0 || !follows(&now, &old, s, buf_all(&quoted)))) {
			tool_info("the run did not begin at the cursor of "
				  "'%s'; the cursor stays",
				  s->dir);
			now.value = slice_of(NULL, 0);
		}
	}
	if (rc >= 0 && now.value.n > 0)
		rc = replace(s, &now, buf_all(&quoted), generation, e);
	cursor_clear(&now);
	cursor_clear(&old);
	buf_clear(&quoted);
	return rc < 0 ? -1 : 0;
}

void cursor_file_show(const struct state *s, struct buf *b)
{
	struct cursor c;
	struct err ignored;

	if (load(s, &c, &ignored) > 0 && belongs(s, &c)) {
		buf_str(b, ",\"cursor\":{\"column\":");
		buf_slice(b, c.column);
		buf_str(b, ",\"value\":");
		buf_slice(b, c.value);
		buf_char(b, '}');
	}
	cursor_clear(&c);
}
