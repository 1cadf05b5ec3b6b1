#include "diff/pass/pass_run.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/mem.h"
#include "core/temp.h"
#include "core/tool.h"
#include "diff/pass/emit.h"
#include "diff/pass/lines.h"
#include "diff/pass/mass_change.h"
#include "diff/pass/missing_keys.h"
#include "diff/pass/parked.h"
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
static size_t room_for_fresh(const struct pass_asked *asked,
			     const struct pass_base *base)
{
	enum { BUFFERS = 8 * 1024 * 1024 };
	size_t all = (size_t)asked->o->memory;
	size_t used =
		snapshot_memory(base->old) + base->old->places / 4 + BUFFERS;

	if (base->known)
		used += unacked_bytes(&base->known->unacked);
	return used < all / 2 ? all - used : (all + 1) / 2;
}

/* Sets of what came: keys, with --identity also rows and identities. */
static void init_sets(struct pass *r)
{
	const char *dir = temp_dir(r->base.state ? r->base.state->dir : NULL);
	size_t room = room_for_fresh(&r->asked, &r->base),
	       third = (room + 2) / 3;

	new_keys_init(&r->arrived.new_keys,
		      key_identifies(&r->asked.key) ? third : room, dir);
	identity_init(&r->arrived.identity, &r->asked.key, r->asked.seed, third,
		      dir);
}

/* Who had to wait is noted where anybody had, or has no more. */
static void say_turns(struct pass_base *base, struct pass_leaving *leaving)
{
	const struct slice *was = base->old->note;
	struct quota *t = &leaving->quota;

	if (t->waiting == 0 && t->promised.n == 0 &&
	    was[SNAPSHOT_PROMISED].n == 0)
		return;
	pass_say(leaving, SNAPSHOT_PROMISED, slice_str(""));
	pass_say(leaving, SNAPSHOT_HAND, slice_str(""));
	pass_say(leaving, SNAPSHOT_POSTPONED, slice_str(""));
	quota_promise(t, &leaving->note[SNAPSHOT_PROMISED],
		      &leaving->note[SNAPSHOT_HAND]);
	if (t->waiting > 0)
		buf_add(&leaving->note[SNAPSHOT_POSTPONED], &t->waiting,
			sizeof(t->waiting));
}

/* Noted when changes move the snapshot anyway, and if there can be a storm. */
static void say_sample(struct pass_base *base, struct pass_leaving *leaving)
{
	struct slice was = base->old->note[SNAPSHOT_SAMPLE];
	struct buf b = {0};

	if (!base->sample ||
	    leaving->inserts + leaving->updates + leaving->deletes == 0)
		return;
	if (base->old->n + leaving->inserts > MASS_CHANGE_FEW)
		sample_note(base->sample, &b);
	if (!slice_eq(buf_all(&b), was))
		pass_say(leaving, SNAPSHOT_SAMPLE, buf_all(&b));
	buf_clear(&b);
}

static int finish(struct pass *r, struct err *blocked, struct err *e)
{
	if (r->asked.o->end_from) {
		tool_warn("option '--end-from' is deprecated: it cannot show "
			  "whether the filter succeeded, so nothing is deleted "
			  "and the cursor stays; use rudder filter");
		if (input_end_from(&r->arrived.in, r->asked.o->end_from, e) < 0)
			return -1;
	}
	if (lines_drain(r, e) < 0 || input_complete(&r->arrived.in, e) < 0 ||
	    key_found(&r->asked.key, e) < 0)
		return -1;
	if (!r->leaving.begun && emit_begin(r, slice_str(""), e) < 0)
		return -1;
	if (r->arrived.sorted && sorted_files_rest(r, e) < 0)
		return -1;
	if (lines_late(r, e) < 0 || missing_keys_keys(r, blocked, e) < 0)
		return -1;
	if (reread_decide(r, e) < 0)
		return -1;
	say_turns(&r->base, &r->leaving);
	say_sample(&r->base, &r->leaving);
	if (snapshot_sound(r->base.old, e) < 0 || emit_notes(r, e) < 0 ||
	    delta_rows_note(r, e) < 0 || emit_end(r, blocked, e) < 0)
		return -1;
	return writer_close(r->leaving.out, e);
}

static void summary(const struct pass *r)
{
	const struct pass_leaving *leaving = &r->leaving;
	void (*say)(const char *fmt, ...) =
		r->asked.o->dry_run ? tool_dry_summary : tool_summary;
	struct buf line = {0};

	counts_add(&line, r->arrived.rows, "row");
	counts_also(&line, leaving->inserts, "insert");
	counts_also(&line, leaving->updates, "update");
	counts_also(&line, leaving->deletes, "delete");
	counts_as(&line, leaving->unchanged, "unchanged");
	counts_as(&line, leaving->rejects, "rejected");
	say("%s", buf_cstr(&line));
	buf_clear(&line);
}

static void warn_of_types(uint64_t n, enum pass_mode mode)
{
	const char *what =
		mode == PASS_MIRROR
			? counts_word(n, "is not deleted", "are not deleted")
		: mode == PASS_UPDATE_ONLY
			? counts_word(n, "is ignored as a new row",
				      "are ignored as new rows")
			: counts_word(n, "is sent as a new row",
				      "are sent as new rows");

	tool_warn("%ju key%s arrived with a different type (7 as \"7\") and "
		  "%s: most destinations treat both as one key",
		  (uintmax_t)n, COUNTS_S(n), what);
}

static void warn_of_changes(const struct pass *r)
{
	const struct pass_asked *asked = &r->asked;
	const struct pass_leaving *leaving = &r->leaving;

	if (r->base.known && !asked->every_row && !asked->tag.full &&
	    !resend_runs(&asked->resend))
		mass_change_warn(r->base.sample, leaving->updates,
				 r->base.old->n);
	if (leaving->retyped > 0)
		warn_of_types(leaving->retyped, asked->mode);
}

/* Rejected rows, but for those that the message of blocked deletes counts. */
static int rejects_verdict(const struct pass *r, struct err *e)
{
	const struct pass_leaving *leaving = &r->leaving;
	uint64_t said = leaving->unreadable_said ? r->arrived.unreadable : 0;
	char why[REASONS_TEXT];

	if (leaving->rejects <= said)
		return 0;
	reasons_say(&leaving->reasons, why);
	return err_set(e, ERR_PARTIAL, "%ju of %ju rows rejected: %s",
		       (uintmax_t)leaving->rejects, (uintmax_t)r->arrived.rows,
		       why);
}

/* The first error is the one of the run, each after it a warning. */
static void also(struct err *first, int rc, const struct err *next)
{
	if (rc == 0)
		return;
	if (first->kind != ERR_NONE)
		tool_warn("%s", next->text);
	else
		*first = *next;
}

/* first: that deletes are blocked, or none. */
static int verdict(const struct pass *r, struct err *first, struct err *e)
{
	const struct pass_leaving *leaving = &r->leaving;
	struct err next;

	warn_of_changes(r);
	summary(r);
	also(first, resend_verdict(&r->asked.resend, &next), &next);
	also(first, reread_verdict(leaving, &next), &next);
	also(first, rejects_verdict(r, &next), &next);
	also(first,
	     parked_verdict(leaving->overtaken, r->base.known != NULL, &next),
	     &next);
	if (first->kind == ERR_NONE)
		return quota_verdict(leaving->quota.waiting, e);
	*e = *first;
	return -1;
}

/* The rest of a run that goes wrong: what is finished leaves, without end. */
static void leave(struct pass_leaving *leaving)
{
	struct err ignored;

	if (writer_flush(leaving->out, &ignored) < 0)
		return; /* the first error is the one to tell */
}

int pass_run_all(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	struct pass_leaving *leaving = &r->leaving;
	const struct progress_count counts[] = {
		{"rows", &arrived->rows},
		{"inserts", &leaving->inserts},
		{"updates", &leaving->updates},
		{"deletes", &leaving->deletes},
		{"unchanged", &leaving->unchanged},
		{"ignored", &leaving->ignored},
		{"rejects", &leaving->rejects},
		{"blocked", &leaving->blocked},
		{NULL, NULL},
	};
	/* what is first is shown at 0 as well */
	const struct progress_count live[] = {{"changed", &leaving->changed},
					      {"rows read", &arrived->rows},
					      {"rejects", &leaving->rejects},
					      {NULL, NULL}};
	struct err blocked = {0};
	int rc;

	arrived->seen = mem_table(r->base.old->places / 8 + 1);
	arrived->sent = mem_table(r->base.old->places / 8 + 1);
	fast_path_init(&arrived->fast_path, r->asked.seed,
		       r->asked.every_row || arrived->sorted ||
			       key_identifies(&r->asked.key) ||
			       r->base.old->n == 0 || r->base.old->lineless);
	init_sets(r);
	progress_init(&leaving->progress, counts);
	leaving->progress.live = live;
	rc = lines_read(r, e);
	if (rc == 0)
		rc = finish(r, &blocked, e);
	else if (e->kind != ERR_IO)
		leave(leaving);
	if (rc < 0 && (e->kind == ERR_DATA || e->kind == ERR_ABORT))
		leave(leaving);
	progress_end(&leaving->progress);
	if (rc == 0)
		rc = progress_stats(&leaving->progress, r->asked.o->stats, e);
	return rc == 0 ? verdict(r, &blocked, e) : -1;
}

int pass_run_init(struct pass *r, const struct diff_options *o, struct err *e)
{
	struct pass_asked *asked = &r->asked;

	/* two files differ by missing rows as well; a sync deletes only
	 * when asked to
	 */
	const char *mode = o->mode ? o->mode : o->state ? "upsert" : "mirror";

	*r = (struct pass){.asked.o = o};
	if (!pass_mode_read(mode, &asked->mode))
		return err_names(e, ERR_USAGE,
				 "option '--mode': '%s' is not upsert, mirror, "
				 "insert-only, update-only or full",
				 mode);
	asked->every_row = o->full || asked->mode == PASS_FULL;
	if (o->compare && strcmp(o->compare, "mapped") == 0 && !o->state)
		return err_names(
			e, ERR_USAGE,
			"option '--compare': mapped needs a state, which "
			"records the mapping");
	asked->columns.compare = o->compare;
	asked->columns.ignore = o->ignore;
	return delete_guard_init(&asked->guard, o->max_deletes,
				 o->allow_deletes, e);
}

/* What an identity needs of a run: that the old one is deleted. */
static int check_identity(struct pass_asked *asked, struct err *e)
{
	if (!key_identifies(&asked->key) || asked->mode == PASS_MIRROR)
		return 0;
	return err_set(e, ERR_USAGE,
		       "a changed identity needs a delete and an insert, but "
		       "mode %s never deletes: use --mode mirror",
		       pass_mode_word(asked->mode));
}

static struct slice number_of(const uint64_t *n)
{
	return slice_of((const char *)n, sizeof(*n));
}

/* A resend is due no more once a complete run has begun it: from then on each
 * row says by itself whether it is. One that is forgotten may have begun: its
 * number is not that of the next one.
 */
static void say_resend(struct pass_asked *asked, struct pass_leaving *leaving)
{
	const struct resend *x = &asked->resend;

	resend_announce(x);
	if (x->full || x->begun || x->owed) {
		pass_say(leaving, SNAPSHOT_RESENT, number_of(&x->number));
		pass_say(leaving, SNAPSHOT_BEFORE, slice_str(""));
	}
	if (x->full || (x->due && x->forgotten))
		pass_say(leaving, SNAPSHOT_RESEND, slice_str(""));
	if (x->due && x->forgotten && !x->begun) {
		pass_say(leaving, SNAPSHOT_RESENT, number_of(&x->next));
		pass_say(leaving, SNAPSHOT_BEFORE, number_of(&x->from));
	}
}

/* What a run that was not committed has said of rows is not said twice: then
 * the next one compares them again.
 */
static void say_compared(struct pass *r)
{
	const struct state *s = r->base.known;

	if (r->asked.compared.again && !(s->resumed && s->pending.n_same > 0))
		pass_say(&r->leaving, SNAPSHOT_COMPARED,
			 buf_all(&r->asked.compared.note));
}

int pass_run_notes(struct pass *r, const struct slice note[SNAPSHOT_NOTES],
		   struct err *e)
{
	struct pass_asked *asked = &r->asked;
	struct pass_base *base = &r->base;
	static const struct slice none[SNAPSHOT_NOTES];
	struct kept_values_options o = {.what = asked->o->keep};
	const struct slice *turn = note;
	const struct tag *t = &asked->tag;

	if (check_identity(asked, e) < 0)
		return -1;
	compared_init(&asked->compared, asked->o, note);
	o.compare = asked->columns.compare = asked->compared.compare;
	o.ignore = asked->columns.ignore = asked->compared.ignore;
	if (kept_values_init(&base->keep, &o,
			     (note ? note : none)[SNAPSHOT_KEEP], &asked->key,
			     e) < 0)
		return -1;
	if (!note) {
		quota_init(&r->leaving.quota, asked->o->max_changes,
			   slice_str(""), slice_str(""));
		base->keep.changed = false; /* both files are read alike */
		clock_random(&asked->marks.veil, sizeof(asked->marks.veil));
		asked->marks.veil |= 1;
		hash_seed_init(&asked->marks.line, asked->marks.veil);
		return 0;
	}
	base->sample = sample_new(base->old, o.compare, o.ignore, asked->seed);
	if (tag_init(&asked->tag, asked->o->tag, asked->o->on_tag_change,
		     note[SNAPSHOT_TAG], note[SNAPSHOT_TAG_BASE], asked->seed,
		     e) < 0)
		return -1;
	if (resend_init(&asked->resend, asked->o,
			asked->mode != PASS_INSERT_ONLY, asked->every_row,
			base->known, &asked->tag, e) < 0)
		return -1;
	hash_seed_init(&asked->marks.line, asked->seed);
	asked->marks.mixed =
		t->mixed.lo ^ columns_sum(o.compare, o.ignore, asked->seed);
	if (base->known->pending.has_note[SNAPSHOT_PROMISED])
		turn = base->known->pending.note;
	quota_init(&r->leaving.quota, asked->o->max_changes,
		   turn[SNAPSHOT_PROMISED], turn[SNAPSHOT_HAND]);
	say_resend(asked, &r->leaving);
	say_compared(r);
	if (base->keep.changed)
		pass_say(&r->leaving, SNAPSHOT_KEEP, buf_all(&base->keep.text));
	if (t->taken)
		pass_say(&r->leaving, SNAPSHOT_TAG, t->name);
	if (t->full)
		pass_say(&r->leaving, SNAPSHOT_TAG_BASE, t->base);
	if (t->full && base->old->n > 0)
		tool_info("the tag has changed: all rows are sent");
	return 0;
}

void pass_run_clear(struct pass *r)
{
	struct pass_arrived *arrived = &r->arrived;
	struct pass_leaving *leaving = &r->leaving;

	input_clear(&arrived->in);
	writer_free(leaving->out);
	key_clear(&r->asked.key);
	columns_clear(&r->asked.columns);
	resend_clear(&r->asked.resend);
	compared_clear(&r->asked.compared);
	kept_values_clear(&r->base.keep);
	sample_free(r->base.sample);
	quota_clear(&leaving->quota);
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++)
		buf_clear(&leaving->note[i]);
	new_keys_clear(&arrived->new_keys);
	identity_clear(&arrived->identity);
	reasons_clear(&leaving->reasons);
	buf_clear(&arrived->no_key);
	same_identity_clear(&arrived->same_identity);
	key_set_clear(&arrived->parked);
	key_set_clear(&arrived->in_case);
	delta_rows_clear(&arrived->delta);
	fast_path_clear(&arrived->fast_path);
	spool_clear(&arrived->late);
	spool_clear(&arrived->late_rows);
	buf_clear(&leaving->cursor);
	buf_clear(&arrived->texts);
	hash_scratch_clear(&arrived->scratch);
	buf_clear(&arrived->plain);
	buf_clear(&leaving->names);
	free(arrived->seen);
	free(arrived->sent);
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
	r->leaving.out = writer_new(fd, output_size(r->asked.o->memory));
	writer_before(r->leaving.out, emit_sync_begin, emit_sync_end, r);
}
