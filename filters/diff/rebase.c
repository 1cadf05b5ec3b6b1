#include "diff/rebase.h"

#include "core/counts.h"
#include "core/temp.h"
#include "core/tool.h"
#include "core/writer.h"
#include "diff/pass/compared.h"
#include "diff/pass/mass_change.h"
#include "diff/pass/sorted_rows.h"
#include "diff/reach.h"
#include "diff/state/apply.h"
#include "diff/state/base_file.h"
#include "diff/state/cursor_file.h"
#include "diff/state/hold.h"
#include "diff/state/part_pin.h"
#include "diff/state/runs.h"
#include "diff/state/started.h"
#include "diff/state/tag.h"

static int look_at_version(void *ctx, const struct intent *i, struct err *e)
{
	uint64_t *version = ctx;

	(void)e;
	if (i->version >= *version)
		*version = (uint64_t)i->version + 1;
	return 0;
}

/* Passes the rows to the snapshot. After the last row, when all rows are known
 * to be valid but before the snapshot is replaced, removes the cursor: the rows
 * may be older than it.
 */
struct rebase_rows {
	const struct state *s;
	struct snapshot_feed feed;
};

static int next_rows(void *ctx, const struct snapshot_row **row, size_t *n,
		     struct err *e)
{
	struct rebase_rows *r = ctx;
	int rc = r->feed.next(r->feed.ctx, row, n, e);

	if (rc != 0)
		return rc;
	return cursor_file_forget(r->s, e) < 0 || base_file_void(r->s, e) < 0
		       ? -1
		       : 0;
}

static void first_rows(void *ctx)
{
	struct rebase_rows *r = ctx;

	r->feed.rewind(r->feed.ctx);
}

/* Continues with versions above all that were ever used, so that no change id
 * is reused.
 */
static int replace(struct state *s, struct sorted_rows *t,
		   const struct sorted_rows_options *how, const struct tag *tag,
		   const struct compared *compared, const struct input *in,
		   struct err *e)
{
	struct rebase_rows rows = {.s = s, .feed = sorted_rows_feed(t)};
	struct snapshot_feed feed = rows.feed;
	uint64_t version = s->generation + 1;
	struct snapshot none = {0};
	struct buf sample = {0};
	int rc;

	if (s->pending.file.map.n > 0 &&
	    pending_scan(&s->pending, look_at_version, &version, e) < 0)
		return -1;
	t->version = (uint32_t)version;
	none.seed = s->seed;
	none.columns = buf_all(&how->key->columns);
	none.note[SNAPSHOT_KEEP] = buf_all(&how->keep->text);
	none.note[SNAPSHOT_TAG] = tag->name;
	none.note[SNAPSHOT_TAG_BASE] = tag->base;
	none.note[SNAPSHOT_COMPARED] = buf_all(&compared->note);
	none.note[SNAPSHOT_CONNECTION] = s->snapshot.note[SNAPSHOT_CONNECTION];
	if (t->n > MASS_CHANGE_FEW)
		sample_note(how->sample, &sample);
	none.note[SNAPSHOT_SAMPLE] = buf_all(&sample);
	none.generation = version;
	feed.next = next_rows;
	feed.rewind = first_rows;
	feed.ctx = &rows;
	none.note[SNAPSHOT_MODEL] = buf_all(&in->model);
	rc = started_replace(s, buf_all(&in->clock), e);
	if (rc == 0)
		rc = snapshot_write_from(&none, &feed, version,
					 s->snapshot_path, e);
	buf_clear(&sample);
	/* intents older than the snapshot have no effect */
	if (rc == 0)
		rc = file_remove(s->pending_path, e);
	return rc == 0 ? state_tidy(s, e) : -1;
}

static int answer(int fd, uint64_t rows, struct err *e)
{
	struct writer *w = writer_new(fd, 1);
	struct buf *b = writer_buf(w);
	int rc;

	control_rewrite(b, slice_str("{\"type\":\"begin\"}"), "changes", NULL);
	buf_str(b, ",\"v\":1");
	control_close(b);
	rc = writer_line(w, e);
	if (rc == 0) {
		control_end(b, "changes");
		control_add_count(b, "changes", 0);
		control_add_count(b, "rows", rows);
		control_close(b);
		rc = writer_line(w, e);
	}
	if (rc == 0)
		rc = writer_close(w, e);
	writer_free(w);
	return rc;
}

static int open_state(struct state *s, const struct diff_options *o,
		      struct err *e)
{
	if (state_open(s, o->state, true, e) < 0)
		return -1;
	if (o->confine)
		reach_state(&(struct reach){.state = s->dir,
					    .state_fd = s->dir_fd,
					    .stats = o->stats,
					    .end_from = o->end_from});
	s->memory = o->memory;
	s->use = "rebase";
	if (state_lock_run(s, o->lock_wait_ms, e) < 0 || apply_left(s, e) < 0 ||
	    state_load_head(s, e) < 0)
		return -1;
	runs_add_missing(s);
	return hold_lift(s->dir, e); /* the plan is void */
}

/* The key of -k, or of the state; for a new state that of the begin line. */
static int choose_key(struct key *k, const struct diff_options *o,
		      const struct state *s, struct input *in, bool *ahead,
		      struct err *e)
{
	struct slice begin = {0};
	int rc = 1;

	if (o->key)
		return key_init(k, o->key, e) < 0
			       ? -1
			       : key_identify(k, o->identity, e);
	if (s->columns.n > 0 && !o->identity)
		return key_from_json(k, s->columns, e);
	if (s->columns.n == 0)
		rc = input_next(in, e);
	*ahead = rc > 0 && s->columns.n == 0;
	if (*ahead && in->kind == INPUT_ABORT)
		return input_complete(in, e);
	if (*ahead && in->kind == INPUT_BEGIN)
		begin = control_member(in->controls, "key");
	if (rc >= 0 && begin.n == 0)
		return err_set(e, ERR_USAGE,
			       "a new state needs its key, and --identity "
			       "needs the key too: -k COLUMN");
	return rc < 0 || key_from_begin(k, begin, e) < 0
		       ? -1
		       : key_identify(k, o->identity, e);
}

/* Reads all rows, and checks their part. */
static int read_rows(struct sorted_rows *t, struct input *in,
		     struct sorted_rows_options *how, struct state *s,
		     struct err *e)
{
	int rc = sorted_rows_read(t, in, how, e);

	if (rc == 0 && in->part.n > 0)
		rc = part_pin_check_key(buf_all(&in->key), how->key, e);
	if (rc == 0)
		rc = part_pin_suspend(s, buf_all(&in->part), e);
	return rc;
}

int rebase_run(const struct diff_options *o, int in, int out, struct err *e)
{
	struct columns c = {.compare = NULL};
	struct state s = {.dir_fd = -1, .lock_fd = -1};
	struct kept_values_options what = {.what = o->keep};
	struct compared compared = {.compare = NULL};
	struct sorted_rows t = {0};
	struct kept_values keep = {0};
	struct tag tag = {.taken = false};
	struct key k = {0};
	struct sorted_rows_options how = {
		.key = &k, .columns = &c, .keep = &keep};
	static const struct snapshot none;
	struct input input;
	int rc = open_state(&s, o, e);

	input_init(&input, in, &o->input, NULL, NULL);
	if (rc == 0)
		rc = choose_key(&k, o, &s, &input, &how.ahead, e);
	if (rc == 0)
		compared_init(&compared, o, s.snapshot.note);
	c.compare = what.compare = compared.compare;
	c.ignore = what.ignore = compared.ignore;
	if (rc == 0)
		rc = kept_values_init(&keep, &what,
				      s.snapshot.note[SNAPSHOT_KEEP], &k, e);
	how.seed = s.seed;
	if (rc == 0)
		rc = tag_init(&tag, o->tag, NULL, s.snapshot.note[SNAPSHOT_TAG],
			      s.snapshot.note[SNAPSHOT_TAG_BASE], s.seed, e);
	how.mixed = tag.mixed;
	hash_seed_init(&how.marks.line, s.seed);
	how.marks.mixed =
		tag.mixed.lo ^ columns_sum(c.compare, c.ignore, s.seed);
	how.memory = o->memory;
	how.dir = temp_dir(s.dir);
	how.sample = sample_new(&none, c.compare, c.ignore, s.seed);
	if (rc == 0)
		rc = read_rows(&t, &input, &how, &s, e);
	if (rc == 0)
		rc = replace(&s, &t, &how, &tag, &compared, &input, e);
	if (rc == 0)
		rc = part_pin_replace(&s, buf_all(&input.part), e);
	if (rc == 0) {
		tool_summary("%zu row%s recorded as delivered, nothing sent",
			     t.n, COUNTS_S(t.n));
		rc = answer(out, t.n, e);
	}
	input_clear(&input);
	sample_free(how.sample);
	sorted_rows_clear(&t);
	columns_clear(&c);
	compared_clear(&compared);
	kept_values_clear(&keep);
	key_clear(&k);
	state_close(&s);
	return rc;
}
