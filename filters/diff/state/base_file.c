#include "diff/state/base_file.h"

#include <stdlib.h>

#include "core/folder.h"
#include "core/tool.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"
#include "wire/state/cursor.h"

static int load(const struct state *s, struct delta_base *b, struct err *e)
{
	char *path = folder_file(s->dir, DELTA_BASE_FILE);
	int rc = delta_base_load(b, path, e);

	free(path);
	return rc;
}

static int store(const struct state *s, const struct delta_base *b,
		 struct err *e)
{
	char *path = folder_file(s->dir, DELTA_BASE_FILE);
	int rc = delta_base_store(b, path, e);

	free(path);
	return rc;
}

/* An id of the state that reveals nothing of its seed. */
static void put_mark(struct buf *b, const struct state *s)
{
	static const char what[] = "base";
	struct hash h = hash_bytes(what, sizeof(what), s->seed);

	buf_fmt(b, "%016jx%016jx", (uintmax_t)h.hi, (uintmax_t)h.lo);
}

/* Whether the snapshot is the one that the base was settled with. While keys of
 * the base are open, a later snapshot of the same state will do.
 */
static bool belongs(const struct state *s, const struct delta_base *b)
{
	struct buf mark = {0};
	bool same;

	put_mark(&mark, s);
	same = slice_eq(buf_all(&mark), b->state) &&
	       (b->open == DELTA_BASE_SETTLED ? b->generation == s->generation
					      : b->generation <= s->generation);
	buf_clear(&mark);
	return same;
}

/* Why rows that must be compared may be missing from the input, or NULL. */
static const char *why_doubt(const struct state *s, const struct delta_base *b,
			     struct slice by)
{
	if (b->open == DELTA_BASE_ALL || b->open == DELTA_BASE_VOID)
		return "the base has been void since it was read";
	if (!belongs(s, b))
		return "the base of --delta does not belong to the snapshot";
	if (!slice_eq(b->by, by))
		return "the rows that did not change were compared in another "
		       "way";
	return NULL;
}

static int store_new(const struct state *s, const struct delta_begin *d,
		     struct slice by, struct err *e)
{
	struct buf mark = {0}, key = {0}, of = {0};
	struct delta_base now = {
		.id = d->id,
		.run = d->run,
		.schema = d->schema,
		.by = by,
		.generation = s->generation,
		.rows = d->total,
		.keys = d->keys,
		.open = d->all ? DELTA_BASE_ALL : DELTA_BASE_KEYS,
	};
	int rc;

	put_mark(&mark, s);
	cursor_key(&key, s->seed);
	cursor_seal(&of, buf_all(&key), d->of);
	now.state = buf_all(&mark);
	now.key = buf_all(&key);
	now.of = buf_all(&of);
	rc = store(s, &now, e);
	buf_clear(&mark);
	buf_clear(&key);
	buf_clear(&of);
	return rc;
}

static int store_void(const struct state *s, struct delta_base *b,
		      struct err *e)
{
	b->open = DELTA_BASE_VOID;
	return store(s, b, e);
}

int base_file_begin(const struct state *s, bool dry,
		    const struct delta_begin *d, struct slice by,
		    const char **doubt, struct err *e)
{
	struct delta_base was = {0};
	struct buf quoted = {0};
	int rc = s->dir ? load(s, &was, e) : 0;

	*doubt = NULL;
	json_string(&quoted, by);
	if (rc >= 0 && !slice_eq(was.sum, d->file))
		rc = err_names(e, ERR_TEMP,
			       "another run has used the state '%s' since "
			       "rudder-query read it; run again",
			       s->dir ? s->dir : "");
	else if (rc == 0 && !d->all)
		rc = err_set(e, ERR_DATA,
			     "the rows of --delta have no base to begin at");
	if (rc > 0 && !d->all)
		*doubt = why_doubt(s, &was, buf_all(&quoted));
	if (rc >= 0 && !dry)
		rc = *doubt ? store_void(s, &was, e)
			    : store_new(s, d, buf_all(&quoted), e);
	delta_base_clear(&was);
	buf_clear(&quoted);
	return rc < 0 ? -1 : 0;
}

int base_file_void(const struct state *s, struct err *e)
{
	struct delta_base b;
	int rc = load(s, &b, e);

	if (rc > 0 && b.open != DELTA_BASE_VOID)
		rc = store_void(s, &b, e);
	delta_base_clear(&b);
	return rc < 0 ? -1 : 0;
}

/* Loads the base of that run: 1; 0 if it is of a different run or void; -1. */
static int load_of(const struct state *s, struct delta_base *b,
		   struct slice run, struct err *e)
{
	int rc = load(s, b, e);

	return rc > 0 && (!slice_eq(b->run, run) || b->open == DELTA_BASE_VOID)
		       ? 0
		       : rc;
}

int base_file_note(const struct state *s, struct slice run, struct slice list,
		   struct err *e)
{
	struct delta_base b;
	int rc = load_of(s, &b, run, e);

	if (rc > 0) {
		b.list = list;
		rc = store(s, &b, e);
	}
	delta_base_clear(&b);
	return rc < 0 ? -1 : 0;
}

/* A state of generation 0 has no seed on disk yet, so nothing is stored. */
static int close_keys(const struct state *s, struct slice run, bool all,
		      uint64_t generation, struct err *e)
{
	struct delta_base b;
	int rc = generation > 0 ? load_of(s, &b, run, e) : 0;

	if (generation == 0)
		return 0;
	if (rc > 0 && b.open != DELTA_BASE_SETTLED && (all || b.n_list > 0)) {
		b.open = all ? DELTA_BASE_SETTLED : DELTA_BASE_LIST;
		b.generation = generation;
		if (all)
			b.list = slice_of(NULL, 0);
		rc = store(s, &b, e);
	}
	delta_base_clear(&b);
	return rc < 0 ? -1 : 0;
}

int base_file_narrow(const struct state *s, struct slice run,
		     uint64_t generation, struct err *e)
{
	return close_keys(s, run, false, generation, e);
}

int base_file_settle(const struct state *s, struct slice run,
		     uint64_t generation, struct err *e)
{
	return close_keys(s, run, true, generation, e);
}

void base_file_show(const struct state *s, struct buf *b)
{
	static const char *const words[] = {
		[DELTA_BASE_SETTLED] = "settled", [DELTA_BASE_KEYS] = "open",
		[DELTA_BASE_LIST] = "open",       [DELTA_BASE_ALL] = "read all",
		[DELTA_BASE_VOID] = "read all",
	};
	struct delta_base base;
	struct err ignored;

	if (load(s, &base, &ignored) > 0)
		buf_fmt(b,
			",\"base\":{\"schema\":%.*s,\"tables\":\"rudder_%.*s_"
			"*\",\"run\":\"%.*s\",\"rows\":%ju,\"is\":\"%s\"}",
			SLICE_FMT(base.schema), SLICE_FMT(base.id),
			SLICE_FMT(base.run), (uintmax_t)base.rows,
			words[base.open]);
	delta_base_clear(&base);
}
