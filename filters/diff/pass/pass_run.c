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

/* Bytes of output in one flush. Each flush waits until its intents are on disk,
 * so a few large flushes are faster.
 */
enum {
	OUTPUT_LEAST = 1024 * 1024,
	OUTPUT_MOST = 4 * 1024 * 1024,
	OUTPUT_SHARE = 64 /* of --memory */
};

/* ---- the run ----------------------------------------------------------- */

/* The rest of --memory for the new keys; at least half of it. */
static size_t memory_for_new_keys(const struct pass_asked *asked,
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

/* Initializes the sets of keys that arrive; with --identity also of rows and of
 * identities.
 */
static void init_sets(struct pass *r)
{
	const char *dir = temp_dir(r->base.state ? r->base.state->dir : NULL);
	size_t room = memory_for_new_keys(&r->asked, &r->base),
	       third = (room + 2) / 3;

	new_keys_init(&r->arrived.new_keys,
		      key_identifies(&r->asked.key) ? third : room, dir);
	identity_init(&r->arrived.identity, &r->asked.key, r->asked.seed, third,
		      dir);
}

/* Notes the turns of --max-changes, if a change was postponed now or before. */
static void note_turns(struct pass_base *base, struct pass_leaving *leaving)
{
	const struct slice *was = base->old->note;
	struct quota *t = &leaving->quota;

	if (t->waiting == 0 && t->promised.n == 0 &&
	    was[SNAPSHOT_PROMISED].n == 0)
		return;
	pass_set_note(leaving, SNAPSHOT_PROMISED, slice_str(""));
	pass_set_note(leaving, SNAPSHOT_HAND, slice_str(""));
	pass_set_note(leaving, SNAPSHOT_POSTPONED, slice_str(""));
	quota_promise(t, &leaving->note[SNAPSHOT_PROMISED],
		      &leaving->note[SNAPSHOT_HAND]);
	if (t->waiting > 0)
		buf_add(&leaving->note[SNAPSHOT_POSTPONED], &t->waiting,
			sizeof(t->waiting));
}

/* Notes the sample if changes move the snapshot anyway, and the state is large
 * enough for a warning about a mass change.
 */
static void note_sample(struct pass_base *base, struct pass_leaving *leaving)
{
	struct slice was = base->old->note[SNAPSHOT_SAMPLE];
	struct buf b = {0};

	if (!base->sample ||
	    leaving->inserts + leaving->updates + leaving->deletes == 0)
		return;
	if (base->old->n + leaving->inserts > MASS_CHANGE_FEW)
		sample_note(base->sample, &b);
	if (!slice_eq(buf_all(&b), was))
		pass_set_note(leaving, SNAPSHOT_SAMPLE, buf_all(&b));
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
	if (lines_late(r, e) < 0 || missing_keys_send(r, blocked, e) < 0)
		return -1;
	if (reread_decide(r, e) < 0)
		return -1;
	note_turns(&r->base, &r->leaving);
	note_sample(&r->base, &r->leaving);
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

static void warn_about_types(uint64_t n, enum pass_mode mode)
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

static void warn_about_changes(const struct pass *r)
{
	const struct pass_asked *asked = &r->asked;
	const struct pass_leaving *leaving = &r->leaving;

	if (r->base.known && !asked->every_row && !asked->tag.full &&
	    !resend_runs(&asked->resend))
		mass_change_warn(r->base.sample, leaving->updates,
				 r->base.old->n);
	if (leaving->retyped > 0)
		warn_about_types(leaving->retyped, asked->mode);
}

/* Rejected rows, except those that the message about blocked deletes counts. */
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

/* The first error is the one of the run; each further one is a warning. */
static void add_error(struct err *first, int rc, const struct err *next)
{
	if (rc == 0)
		return;
	if (first->kind != ERR_NONE)
		tool_warn("%s", next->text);
	else
		*first = *next;
}

/* first has the error of blocked deletes, or none. */
static int verdict(const struct pass *r, struct err *first, struct err *e)
{
	const struct pass_leaving *leaving = &r->leaving;
	struct err next;

	warn_about_changes(r);
	summary(r);
	add_error(first, resend_verdict(&r->asked.resend, &next), &next);
	add_error(first, reread_verdict(leaving, &next), &next);
	add_error(first, rejects_verdict(r, &next), &next);
	add_error(first,
		  parked_verdict(leaving->overtaken, r->base.known != NULL,
				 &next),
		  &next);
	if (first->kind == ERR_NONE)
		return quota_verdict(leaving->quota.waiting, e);
	*e = *first;
	return -1;
}

/* After an error: flushes the finished lines, without an end line. */
static void flush_rest(struct pass_leaving *leaving)
{
	struct err ignored;

	if (writer_flush(leaving->out, &ignored) < 0)
		return; /* the first error is reported */
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
	/* the first count is shown even if it is 0 */
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
		flush_rest(leaving);
	if (rc < 0 && (e->kind == ERR_DATA || e->kind == ERR_ABORT))
		flush_rest(leaving);
	progress_end(&leaving->progress);
	if (rc == 0)
		rc = progress_stats(&leaving->progress, r->asked.o->stats, e);
	return rc == 0 ? verdict(r, &blocked, e) : -1;
}

int pass_run_init(struct pass *r, const struct diff_options *o, struct err *e)
{
	struct pass_asked *asked = &r->asked;

	/* two files also differ by missing rows, but a sync deletes only when
	 * asked to
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

/* With --identity the old identity must be deleted, which only mode mirror
 * does.
 */
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

/* Notes the progress of a resend. Once a complete run has begun a resend it is
 * not due any more: from then on each row's hash shows whether it was resent. A
 * forgotten resend may have begun, so the next one needs a new number.
 */
static void note_resend(struct pass_asked *asked, struct pass_leaving *leaving)
{
	const struct resend *x = &asked->resend;

	resend_announce(x);
	if (x->full || x->begun || x->owed) {
		pass_set_note(leaving, SNAPSHOT_RESENT, number_of(&x->number));
		pass_set_note(leaving, SNAPSHOT_BEFORE, slice_str(""));
	}
	if (x->full || (x->due && x->forgotten))
		pass_set_note(leaving, SNAPSHOT_RESEND, slice_str(""));
	if (x->due && x->forgotten && !x->begun) {
		pass_set_note(leaving, SNAPSHOT_RESENT, number_of(&x->next));
		pass_set_note(leaving, SNAPSHOT_BEFORE, number_of(&x->from));
	}
}

/* Notes the compared columns. Not if an uncommitted run already wrote
 * PENDING_SAME intents: then the next run compares the rows again.
 */
static void note_compared(struct pass *r)
{
	const struct state *s = r->base.known;

	if (r->asked.compared.again && !(s->resumed && s->pending.n_same > 0))
		pass_set_note(&r->leaving, SNAPSHOT_COMPARED,
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
	note_resend(asked, &r->leaving);
	note_compared(r);
	if (base->keep.changed)
		pass_set_note(&r->leaving, SNAPSHOT_KEEP,
			      buf_all(&base->keep.text));
	if (t->taken)
		pass_set_note(&r->leaving, SNAPSHOT_TAG, t->name);
	if (t->full)
		pass_set_note(&r->leaving, SNAPSHOT_TAG_BASE, t->base);
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
