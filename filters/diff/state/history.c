#include "diff/state/history.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/folder.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/tool.h"
#include "core/writer.h"
#include "diff/state/erase.h"

enum { OUTPUT = 256 * 1024 };

bool history_exists(const struct state *s)
{
	char *dir = folder_file(s->dir, "history");
	bool is = access(dir, F_OK) == 0;

	free(dir);
	return is;
}

/* ---- the list ---------------------------------------------------------- */

static void add(struct history *h, uint64_t generation, const char *stamp,
		const char *path)
{
	struct history_entry *x;

	if (h->n == h->size) {
		h->size = h->size ? 2 * h->size : 16;
		h->entry = mem_resize(h->entry, h->size * sizeof(*h->entry));
	}
	x = &h->entry[h->n++];
	*x = (struct history_entry){.generation = generation,
				    .path = mem_copy(path, strlen(path))};
	memcpy(x->stamp, stamp, strlen(stamp));
}

/* Adds a file whose name is one that history_keep gives. */
static void add_name(struct history *h, const char *dir, const char *name)
{
	size_t digits = strspn(name, "0123456789");
	struct buf path = {0};
	uint64_t generation;

	if (num_uint(slice_of(name, digits), &generation) < 0 ||
	    name[digits] != '-' || strlen(name + digits) != 25)
		return;
	buf_fmt(&path, "%s/%s", dir, name);
	add(h, generation, name + digits + 1, buf_cstr(&path));
	buf_clear(&path);
}

static void stamp_of(char stamp[32], const char *path)
{
	struct buf b = {0};
	struct stat st;

	if (stat(path, &st) == 0)
		clock_stamp(&b, (uint64_t)st.st_mtim.tv_sec * 1000 +
					(uint64_t)st.st_mtim.tv_nsec / 1000000);
	memcpy(stamp, buf_cstr(&b), b.n < 31 ? b.n + 1 : 32);
	buf_clear(&b);
}

static int by_generation(const void *a, const void *b)
{
	const struct history_entry *x = a, *y = b;

	return (x->generation > y->generation) -
	       (x->generation < y->generation);
}

int history_list(struct history *h, const struct state *s, bool present,
		 struct err *e)
{
	char *dir = folder_file(s->dir, "history"), stamp[32];
	DIR *d = opendir(dir);
	struct dirent *x;
	int rc = 0;

	*h = (struct history){0};
	if (!d && errno != ENOENT)
		rc = err_sys(e, ERR_IO, "cannot open '%s'", dir);
	while (d && (x = readdir(d)))
		add_name(h, dir, x->d_name);
	if (d)
		closedir(d);
	free(dir);
	if (h->n > 0)
		qsort(h->entry, h->n, sizeof(*h->entry), by_generation);
	/* a commit that was killed before it replaced the snapshot may already
	 * have linked it here
	 */
	while (present && h->n > 0 &&
	       h->entry[h->n - 1].generation >= s->snapshot.generation)
		free(h->entry[--h->n].path);
	if (present && s->snapshot.generation > 0) {
		stamp_of(stamp, s->snapshot_path);
		add(h, s->snapshot.generation, stamp, s->snapshot_path);
	}
	return rc;
}

void history_clear(struct history *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(h->entry[i].path);
	free(h->entry);
	*h = (struct history){0};
}

/* ---- keeping ----------------------------------------------------------- */

static int keep_as(const char *file, const char *as, struct err *e)
{
	if (linkat(AT_FDCWD, file, AT_FDCWD, as, AT_SYMLINK_FOLLOW) < 0 &&
	    errno != EEXIST)
		return err_sys(e, ERR_IO, "cannot keep '%s'", as);
	return 0;
}

/* Keeps the files below the snapshot. They are beside it, both in the state and
 * in the history.
 */
static int keep_lower(const struct state *s, const char *as, struct err *e)
{
	uint64_t generation[SNAPSHOT_FILES];
	size_t n = snapshot_below(&s->snapshot, generation);
	struct buf from = {0}, to = {0};
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		snapshot_lower_path(&from, s->snapshot_path, generation[i]);
		snapshot_lower_path(&to, as, generation[i]);
		rc = keep_as(buf_cstr(&from), buf_cstr(&to), e);
	}
	buf_clear(&from);
	buf_clear(&to);
	return rc;
}

void history_keep(const struct state *s)
{
	char *dir = folder_file(s->dir, "history"), stamp[32];
	struct buf path = {0};
	struct err e;

	if (s->history > 0 && s->snapshot.generation > 0) {
		stamp_of(stamp, s->snapshot_path);
		buf_fmt(&path, "%s/%ju-%s", dir,
			(uintmax_t)s->snapshot.generation, stamp);
		if (mkdir(dir, 0700) < 0 && errno != EEXIST) {
			err_sys(&e, ERR_IO, "cannot keep '%s'", path.p);
			tool_warn("%s", e.text);
		} else if (keep_lower(s, buf_cstr(&path), &e) < 0 ||
			   keep_as(s->snapshot_path, buf_cstr(&path), &e) < 0) {
			tool_warn("%s", e.text);
		}
	}
	buf_clear(&path);
	free(dir);
}

/* Remove the files that no kept snapshot needs any more. */
static int tidy(const struct state *s, struct err *e)
{
	char *dir = folder_file(s->dir, "history"), **path;
	struct history h;
	int rc = history_list(&h, s, false, e);

	path = mem_zero((h.n + 1) * sizeof(*path));
	for (size_t i = 0; i < h.n; i++)
		path[i] = h.entry[i].path;
	if (rc == 0)
		rc = snapshot_update_tidy(dir, path, h.n, e);
	history_clear(&h);
	free(path);
	free(dir);
	return rc;
}

int history_prune(const struct state *s, struct err *e)
{
	struct history h;
	int rc = 0;

	if (s->history == 0)
		return 0;
	rc = history_list(&h, s, false, e);
	for (size_t i = 0; rc == 0 && i + s->history < h.n; i++)
		rc = file_remove(h.entry[i].path, e);
	history_clear(&h);
	return rc == 0 ? tidy(s, e) : -1;
}

/* ---- between two ------------------------------------------------------- */

static int not_kept(const struct history *h, const char *what, struct err *e)
{
	if (h->n == 0)
		return err_set(
			e, ERR_INPUT,
			"the state has neither a snapshot nor a history yet");
	return err_set(e, ERR_INPUT,
		       "snapshot '%s' is not kept: the history covers %ju (%s) "
		       "to %ju (%s); keep more with --commit --history N",
		       what, (uintmax_t)h->entry[0].generation,
		       h->entry[0].stamp,
		       (uintmax_t)h->entry[h->n - 1].generation,
		       h->entry[h->n - 1].stamp);
}

/* The entry of exactly this generation. */
static int find_generation(const struct history *h, const char *what,
			   uint64_t generation, size_t *at, struct err *e)
{
	for (*at = 0; *at < h->n; ++*at) {
		if (h->entry[*at].generation == generation)
			return 0;
	}
	return not_kept(h, what, e);
}

static int find(const struct history *h, const char *what, size_t *at,
		struct err *e)
{
	size_t digits = strspn(what, "0123456789");
	uint64_t generation;

	if (h->n == 0)
		return not_kept(h, what, e);
	*at = strcmp(what, "first") == 0 ? 0 : h->n - 1;
	if (*at == 0 || strcmp(what, "now") == 0)
		return 0;
	if (what[digits] == '\0' && num_uint(slice_str(what), &generation) == 0)
		return find_generation(h, what, generation, at, e);
	if (digits != 4 || what[digits] != '-')
		return err_set(
			e, ERR_USAGE,
			"option '--between': '%s' is not a generation (17), a "
			"time in UTC (2026-11-22T05:44), first or now",
			what);
	for (*at = h->n; *at > 0; --*at) {
		if (strcmp(h->entry[*at - 1].stamp, what) <= 0) {
			--*at;
			return 0;
		}
	}
	return not_kept(h, what, e);
}

struct step {
	struct snapshot old, new;
	struct key key; /* of the snapshot being printed */
	struct slice columns;
	const struct history_entry *to;
	struct writer *out;
};

static int change(struct step *t, const struct snapshot *of, size_t i,
		  const char *action, struct err *e)
{
	struct buf *b = writer_buf(t->out);

	if (!slice_eq(t->columns, of->columns)) {
		key_clear(&t->key);
		if (key_from_json(&t->key, of->columns, e) < 0)
			return -1;
		t->columns = of->columns;
	}
	buf_str(b, "{\"id\":");
	key_id(&t->key, b, snapshot_text(of, i));
	buf_fmt(b,
		",\"action\":\"%s\",\"generation\":%ju,\"committed\":\"%s\"}",
		action, (uintmax_t)t->to->generation, t->to->stamp);
	return writer_line(t->out, e);
}

/* The next key that is not deleted, or -1. */
static int64_t next_key(const struct snapshot *s, struct snapshot_walk *w)
{
	int64_t i = snapshot_walk_next(s, w);

	while (i >= 0 && snapshot_is_out(s, (size_t)i))
		i = snapshot_walk_next(s, w);
	return i;
}

static int step(struct step *t, struct err *e)
{
	const struct snapshot *a = &t->old, *b = &t->new;
	struct snapshot_walk at_a = {.low = 0}, at_b = {.low = 0};
	int64_t i = next_key(a, &at_a), k = next_key(b, &at_b);
	int rc = 0;

	while (rc == 0 && (i >= 0 || k >= 0)) {
		int order = i < 0   ? 1
			    : k < 0 ? -1
				    : hash_order(snapshot_key(a, (size_t)i),
						 snapshot_key(b, (size_t)k));

		if (order < 0)
			rc = change(t, a, (size_t)i, "delete", e);
		else if (order > 0)
			rc = change(t, b, (size_t)k, "insert", e);
		else if (snapshot_mark(a, (size_t)i).content !=
			 snapshot_mark(b, (size_t)k).content)
			rc = change(t, b, (size_t)k, "update", e);
		if (order <= 0)
			i = next_key(a, &at_a);
		if (order >= 0)
			k = next_key(b, &at_b);
	}
	return rc;
}

static int open_whole(struct snapshot *s, const char *path, struct err *e)
{
	int rc = snapshot_open(s, path, e);

	return rc > 0 && snapshot_whole(s, e) < 0 ? -1 : rc;
}

static int steps(const struct history *h, size_t from, size_t to,
		 struct writer *out, struct err *e)
{
	struct step t = {.out = out};
	int rc = open_whole(&t.old, h->entry[from].path, e);

	for (size_t i = from + 1; i <= to && rc > 0; i++) {
		t.to = &h->entry[i];
		rc = open_whole(&t.new, t.to->path, e);
		if (rc > 0 && t.old.seed != t.new.seed)
			rc = err_set(e, ERR_CONFIG,
				     "'%s' is a snapshot of another state",
				     t.to->path);
		if (rc > 0 && step(&t, e) < 0)
			rc = -1;
		snapshot_clear(&t.old);
		t.old = t.new;
		t.new = (struct snapshot){0};
		t.columns = slice_of(NULL, 0);
	}
	snapshot_clear(&t.old);
	snapshot_clear(&t.new);
	key_clear(&t.key);
	if (rc == 0)
		return err_set(e, ERR_TEMP,
			       "a commit removed a snapshot while it was read "
			       "(--history); try again");
	return rc < 0 ? -1 : 0;
}

int history_between(const char *dir, const char *from, const char *to, int out,
		    struct err *e)
{
	struct writer *w = writer_new(out, OUTPUT);
	struct history h = {0};
	struct state s;
	size_t a = 0, b = 0;
	int rc = state_open(&s, dir, false, e);

	if (rc == 0)
		rc = state_load_head(&s, e);
	if (rc == 0)
		rc = history_list(&h, &s, true, e);
	if (rc == 0)
		rc = find(&h, from, &a, e);
	if (rc == 0)
		rc = find(&h, to, &b, e);
	if (rc == 0 && a > b)
		rc = err_set(e, ERR_USAGE,
			     "option '--between': '%s' is later than '%s'",
			     from, to);
	if (rc == 0)
		rc = steps(&h, a, b, w, e);
	if (rc == 0)
		rc = writer_close(w, e);
	writer_free(w);
	history_clear(&h);
	state_close(&s);
	return rc;
}

/* ---- forgetting -------------------------------------------------------- */

static int forget_in(const char *path, const char *id, bool *found,
		     struct err *e)
{
	struct snapshot s;
	int rc = snapshot_open(&s, path, e);

	if (rc > 0)
		rc = erase_key(&s, id, s.generation, path, false, found, e);
	snapshot_clear(&s);
	return rc;
}

int history_forget(const struct state *s, const char *id, bool *found,
		   struct err *e)
{
	struct history h;
	int rc = history_list(&h, s, false, e);

	for (size_t i = 0; rc == 0 && i < h.n; i++)
		rc = forget_in(h.entry[i].path, id, found, e);
	history_clear(&h);
	return rc == 0 ? tidy(s, e) : -1;
}
