#include "diff/pass/pass_run.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/temp.h"
#include "core/tool.h"
#include "diff/pass/emit.h"
#include "diff/pass/lines.h"
#include "diff/pass/mass_change.h"
#include "diff/pass/missing_keys.h"
#include "diff/pass/reread.h"
#include "diff/pass/sorted_files.h"

/* Bytes of output that are held until a flush: each waits for its intents to be
 * on the disk, so few large ones cost less.
 */
enum {
	OUTPUT_LEAST = 1024 * 1024,
	OUTPUT_MOST = 4 * 1024 * 1024,
	OUTPUT_SHARE = 64 /* of --memory */
};

/* ---- the run ----------------------------------------------------------- */

/* What is left of --memory for new keys: at least half of it. */
static size_t room_for_fresh(const struct pass *r)
{
	enum { BUFFERS = 8 * 1024 * 1024 };
	size_t all = (size_t)r->o->memory;
	size_t used = snapshot_memory(r->old) + r->old->n / 8 + BUFFERS;

	if (r->known)
		used += unacked_bytes(&r->known->unacked);
	return used < all / 2 ? all - used : (all + 1) / 2;
}

/* Sets of what came: keys, with --identity also rows and identities. */
static void init_sets(struct pass *r)
{
	const char *dir = temp_dir(r->state ? r->state->dir : NULL);
	size_t room = room_for_fresh(r), third = (room + 2) / 3;

	new_keys_init(&r->new_keys, key_identifies(&r->key) ? third : room,
		      dir);
	identity_init(&r->identity, &r->key, r->seed, third, dir);
}

/* Who had to wait is noted where anybody had, or has no more. */
static void say_turns(struct pass *r)
{
	const struct slice *was = r->old->note;
	struct quota *t = &r->quota;

	if (t->waiting == 0 && t->promised.n == 0 &&
	    was[SNAPSHOT_PROMISED].n == 0)
		return;
	pass_say(r, SNAPSHOT_PROMISED, slice_str(""));
	pass_say(r, SNAPSHOT_HAND, slice_str(""));
	pass_say(r, SNAPSHOT_POSTPONED, slice_str(""));
	quota_promise(t, &r->note[SNAPSHOT_PROMISED], &r->note[SNAPSHOT_HAND]);
	if (t->waiting > 0)
		buf_add(&r->note[SNAPSHOT_POSTPONED], &t->waiting,
			sizeof(t->waiting));
}

/* Noted when changes move the snapshot anyway, and if there can be a storm. */
static void say_sample(struct pass *r)
{
	struct slice was = r->old->note[SNAPSHOT_SAMPLE];
	struct buf b = {0};

	if (!r->sample || r->inserts + r->updates + r->deletes == 0)
		return;
	if (r->old->n + r->inserts > MASS_CHANGE_FEW)
		sample_note(r->sample, &b);
	if (!slice_eq(buf_all(&b), was))
		pass_say(r, SNAPSHOT_SAMPLE, buf_all(&b));
	buf_clear(&b);
}

static int finish(struct pass *r, struct err *blocked, struct err *e)
{
	if (r->o->end_from) {
		tool_warn("option '--end-from' is deprecated: it cannot show "
			  "whether the filter in between succeeded, so nothing "
			  "is deleted and the cursor stays; use rudder filter");
		if (input_end_from(&r->in, r->o->end_from, e) < 0)
			return -1;
	}
	if (lines_drain(r, e) < 0 || input_complete(&r->in, e) < 0 ||
	    key_found(&r->key, e) < 0)
		return -1;
	if (!r->begun && emit_begin(r, slice_str(""), e) < 0)
		return -1;
	if (r->sorted && sorted_files_rest(r, e) < 0)
		return -1;
	if (lines_late(r, e) < 0 || missing_keys_keys(r, blocked, e) < 0)
		return -1;
	if (reread_decide(r, e) < 0)
		return -1;
	say_turns(r);
	say_sample(r);
	if (emit_notes(r, e) < 0 || emit_end(r, e) < 0)
		return -1;
	return writer_close(r->out, e);
}

static void summary(const struct pass *r)
{
	void (*say)(const char *fmt, ...) =
		r->o->dry_run ? tool_dry_summary : tool_summary;

	say("%ju rows: %ju inserts, %ju updates, %ju deletes, %ju unchanged, "
	    "%ju rejects",
	    (uintmax_t)r->rows, (uintmax_t)r->inserts, (uintmax_t)r->updates,
	    (uintmax_t)r->deletes, (uintmax_t)r->unchanged,
	    (uintmax_t)r->rejects);
}

static int verdict(const struct pass *r, struct err *blocked, struct err *e)
{
	char why[REASONS_TEXT];
	struct err resend, why_reread;

	if (r->known && !r->every_row && !r->tag.full && !r->resend.full)
		mass_change_warn(r->sample, r->updates, r->old->n);
	if (r->retyped > 0)
		tool_warn("%ju keys came as another type (7 as \"7\") and are "
			  "not deleted: to the destination they are one",
			  (uintmax_t)r->retyped);
	summary(r);
	if (resend_blocked(&r->resend) > 0) {
		(void)!resend_verdict(&r->resend, &resend);
		if (blocked->kind)
			tool_warn("%s", resend.text);
		else
			*blocked = resend;
	}
	if (reread_verdict(r, &why_reread) < 0) {
		if (!blocked->kind)
			*blocked = why_reread;
		else
			tool_warn("%s", why_reread.text);
	}
	if (blocked->kind) {
		*e = *blocked;
		return -1;
	}
	if (r->quota.waiting > 0 && r->rejects == 0)
		return err_set(e, ERR_PARTIAL,
			       "%ju changes wait for the next run, beyond "
			       "--max-changes",
			       (uintmax_t)r->quota.waiting);
	if (r->rejects > 0) {
		reasons_say(&r->reasons, why);
		return err_set(e, ERR_PARTIAL, "%ju of %ju rows rejected: %s",
			       (uintmax_t)r->rejects, (uintmax_t)r->rows, why);
	}
	return 0;
}

/* The rest of a run that goes wrong: what is finished leaves, without end. */
static void leave(struct pass *r)
{
	struct err ignored;

	if (writer_flush(r->out, &ignored) < 0)
		return; /* the first error is the one to tell */
}

int pass_run_all(struct pass *r, struct err *e)
{
	const struct progress_count counts[] = {
		{"rows", &r->rows},
		{"inserts", &r->inserts},
		{"updates", &r->updates},
		{"deletes", &r->deletes},
		{"unchanged", &r->unchanged},
		{"ignored", &r->ignored},
		{"rejects", &r->rejects},
		{"blocked", &r->blocked},
		{NULL, NULL},
	};
	/* what is first is shown at 0 as well */
	const struct progress_count live[] = {{"changed", &r->changed},
					      {"rows read", &r->rows},
					      {"rejects", &r->rejects},
					      {NULL, NULL}};
	struct err blocked = {0};
	int rc;

	r->seen = mem_table(r->old->n / 8 + 1);
	fast_path_init(&r->fast_path, r->seed,
		       r->every_row || r->sorted || key_identifies(&r->key) ||
			       r->old->n == 0 || r->old->lineless);
	init_sets(r);
	progress_init(&r->progress, counts);
	r->progress.live = live;
	rc = lines_read(r, e);
	if (rc == 0)
		rc = finish(r, &blocked, e);
	else if (e->kind != ERR_IO)
		leave(r);
	if (rc < 0 && (e->kind == ERR_DATA || e->kind == ERR_ABORT))
		leave(r);
	progress_end(&r->progress);
	if (rc == 0)
		rc = progress_stats(&r->progress, r->o->stats, e);
	return rc == 0 ? verdict(r, &blocked, e) : -1;
}

int pass_run_init(struct pass *r, const struct diff_options *o, struct err *e)
{
	/* two files differ by what is gone as well; a sync deletes only
	 * when asked to
	 */
	const char *mode = o->mode ? o->mode : o->state ? "upsert" : "mirror";

	*r = (struct pass){.o = o};
	if (!pass_mode_read(mode, &r->mode))
		return err_set(e, ERR_USAGE,
			       "option '--mode': '%s' is not upsert, mirror, "
			       "insert-only, update-only or full",
			       mode);
	r->every_row = o->full || r->mode == PASS_FULL;
	if (o->compare && strcmp(o->compare, "mapped") == 0 && !o->state)
		return err_set(
			e, ERR_USAGE,
			"option '--compare': mapped needs a state, which "
			"records the mapping");
	r->columns.compare = o->compare;
	r->columns.ignore = o->ignore;
	return delete_guard_init(&r->guard, o->max_deletes, o->allow_deletes,
				 e);
}

/* What an identity needs of a run: that the old one is deleted. */
static int check_identity(struct pass *r, struct err *e)
{
	if (!key_identifies(&r->key) || r->mode == PASS_MIRROR)
		return 0;
	return err_set(e, ERR_USAGE,
		       "an identity that changes leaves as a delete and an "
		       "insert, and mode %s deletes nothing: use --mode mirror",
		       pass_mode_word(r->mode));
}

/* A resend is due no more once a complete run has begun it: from then on each
 * row says by itself whether it is.
 */
static void say_resend(struct pass *r)
{
	const struct resend *x = &r->resend;

	resend_announce(x);
	if (x->full)
		pass_say(r, SNAPSHOT_RESENT,
			 slice_of((const char *)&x->number, sizeof(x->number)));
	if (x->full || (x->due && x->forgotten))
		pass_say(r, SNAPSHOT_RESEND, slice_str(""));
}

/* What a run that was not committed has said of rows is not said twice: then
 * the next one compares them again.
 */
static void say_compared(struct pass *r)
{
	const struct state *s = r->known;

	if (r->compared.again && !(s->resumed && s->pending.n_same > 0))
		pass_say(r, SNAPSHOT_COMPARED, buf_all(&r->compared.note));
}

int pass_run_notes(struct pass *r, const struct slice note[SNAPSHOT_NOTES],
		   struct err *e)
{
	static const struct slice none[SNAPSHOT_NOTES];
	struct kept_values_options o = {.what = r->o->keep};
	const struct slice *turn = note;
	const struct tag *t = &r->tag;

	if (check_identity(r, e) < 0)
		return -1;
	compared_init(&r->compared, r->o, note);
	o.compare = r->columns.compare = r->compared.compare;
	o.ignore = r->columns.ignore = r->compared.ignore;
	if (kept_values_init(&r->keep, &o, (note ? note : none)[SNAPSHOT_KEEP],
			     &r->key, e) < 0)
		return -1;
	if (!note) {
		quota_init(&r->quota, r->o->max_changes, slice_str(""),
			   slice_str(""));
		r->keep.changed = false; /* both files are read alike */
		clock_random(&r->marks.veil, sizeof(r->marks.veil));
		r->marks.veil |= 1;
		hash_seed_init(&r->marks.line, r->marks.veil);
		return 0;
	}
	r->sample = sample_new(r->old, o.compare, o.ignore, r->seed);
	if (tag_init(&r->tag, r->o->tag, r->o->on_tag_change,
		     note[SNAPSHOT_TAG], note[SNAPSHOT_TAG_BASE], r->seed,
		     e) < 0)
		return -1;
	if (resend_init(&r->resend, r->o, r->every_row, r->old, r->seed,
			&r->tag, e) < 0)
		return -1;
	hash_seed_init(&r->marks.line, r->seed);
	r->marks.mixed =
		t->mixed.lo ^ columns_sum(o.compare, o.ignore, r->seed);
	if (r->known->pending.has_note[SNAPSHOT_PROMISED])
		turn = r->known->pending.note;
	quota_init(&r->quota, r->o->max_changes, turn[SNAPSHOT_PROMISED],
		   turn[SNAPSHOT_HAND]);
	say_resend(r);
	say_compared(r);
	if (r->keep.changed)
		pass_say(r, SNAPSHOT_KEEP, buf_all(&r->keep.text));
	if (t->taken)
		pass_say(r, SNAPSHOT_TAG, t->name);
	if (t->full)
		pass_say(r, SNAPSHOT_TAG_BASE, t->base);
	if (t->full && r->old->n > 0)
		tool_info("the tag has changed: every row is sent");
	return 0;
}

void pass_run_clear(struct pass *r)
{
	input_clear(&r->in);
	writer_free(r->out);
	key_clear(&r->key);
	columns_clear(&r->columns);
	compared_clear(&r->compared);
	kept_values_clear(&r->keep);
	sample_free(r->sample);
	quota_clear(&r->quota);
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++)
		buf_clear(&r->note[i]);
	new_keys_clear(&r->new_keys);
	identity_clear(&r->identity);
	reasons_clear(&r->reasons);
	same_identity_clear(&r->same_identity);
	key_set_clear(&r->parked);
	fast_path_clear(&r->fast_path);
	spool_clear(&r->late);
	spool_clear(&r->late_rows);
	buf_clear(&r->cursor);
	buf_clear(&r->texts);
	buf_clear(&r->scratch);
	buf_clear(&r->plain);
	buf_clear(&r->names);
	free(r->seen);
}

static size_t output_size(uint64_t memory)
{
	if (memory == 0 || memory / OUTPUT_SHARE > OUTPUT_MOST)
		return OUTPUT_MOST;
	if (memory / OUTPUT_SHARE < OUTPUT_LEAST)
		return OUTPUT_LEAST;
	return (size_t)memory / OUTPUT_SHARE;
}

void pass_run_output(struct pass *r, int fd)
{
	r->out = writer_new(fd, output_size(r->o->memory));
	writer_before(r->out, emit_sync_begin, emit_sync_end, r);
}
