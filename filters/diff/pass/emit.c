#include "diff/pass/emit.h"

#include "diff/pass/reread.h"
#include "diff/state/cursor_file.h"
#include "diff/state/part_pin.h"
#include "diff/state/pending_write.h"
#include "wire/state/cursor.h"
#include "wire/state/keyed_hash.h"
#include "wire/stream/abort.h"

/* Adds a fingerprint of parameters or of an address. They could be guessed from
 * it, so it is hashed again under the seed of the state.
 */
static void add_sealed(const struct pass_asked *asked,
		       const struct pass_arrived *arrived, struct buf *b,
		       const char *name)
{
	struct slice value = control_member(arrived->in.controls, name);

	if (value.n == 0)
		return;
	buf_fmt(b, ",\"%s\":\"", name);
	keyed_hash_seed(asked->seed, name, value, 32, b);
	buf_char(b, '"');
}

/* Adds what the rows were read from, in a form that the next rudder-query can
 * compare with the cursor.
 */
static void add_reads(const struct pass_asked *asked,
		      const struct pass_arrived *arrived, struct buf *b)
{
	struct buf text = {0}, key = {0};

	input_text(&arrived->in, "reads", &text);
	if (text.n > 0) {
		buf_str(b, ",\"reads\":\"");
		cursor_key(&key, asked->seed);
		cursor_seal(b, buf_all(&key), buf_all(&text));
		buf_char(b, '"');
	}
	buf_clear(&text);
	buf_clear(&key);
}

static void add_fingerprints(const struct pass_asked *asked,
			     const struct pass_arrived *arrived, struct buf *b)
{
	add_sealed(asked, arrived, b, "params");
	add_sealed(asked, arrived, b, "source");
	add_reads(asked, arrived, b);
}

/* Adds the connection of the state, and what the other tools need to compare
 * with theirs. A dry run has them too, so that it shows no events which a run
 * would refuse.
 */
static void add_connection(const struct pass_asked *asked,
			   const struct pass_base *base, struct buf *b)
{
	struct slice was = base->old->note[SNAPSHOT_CONNECTION];
	const char *how = asked->o->on_mapping_change;

	if (!base->state && was.n == 0)
		return;
	buf_str(b, ",\"salt\":\"");
	keyed_hash_seed(asked->seed, "connection", slice_str(""), 32, b);
	buf_char(b, '"');
	if (was.n > 0) {
		buf_str(b, ",\"was\":");
		buf_slice(b, was);
	}
	if (asked->o->accept_connection)
		buf_str(b, ",\"accept_connection\":true");
	if (how && strcmp(how, "full") != 0)
		control_add_text(b, "on_mapping_change", slice_str(how));
}

/* Adds the limit for deletes that conditions of rudder-map cause. In a resend
 * every row is judged by a new mapping, so the limit is that for a new model.
 */
static void add_delete_guard(const struct pass_asked *asked,
			     const struct pass_base *base, struct buf *b)
{
	struct delete_guard_case c = {
		.new_model = asked->resend.full,
		.keys = base->old->n + base->known->unacked.n,
	};
	uint64_t limit = delete_guard_limit(&asked->guard, c.keys);

	c.missing = limit;
	if (delete_guard_is_model(&c))
		limit = c.keys / 100 > DELETE_GUARD_FEW ? c.keys / 100
							: DELETE_GUARD_FEW;
	buf_fmt(b, ",\"delete_guard\":{\"keys\":%ju,\"limit\":%ju",
		(uintmax_t)c.keys, (uintmax_t)limit);
	if (asked->guard.has_permit)
		buf_fmt(b, ",\"allowed\":%ju", (uintmax_t)asked->guard.permit);
	buf_char(b, '}');
}

/* A dry run creates no state, so a state that does not exist yet has no id. */
static void add_state_id(const struct pass_base *base, struct buf *b)
{
	struct buf id = {0};

	if (!base->state && (!base->known || base->known->columns.n == 0))
		return;
	state_id(base->state ? base->state : base->known, &id);
	control_add_text(b, "state_id", buf_all(&id));
	buf_clear(&id);
}

/* Checks part and base of the rows. A stream that ended before its begin line
 * has neither.
 */
static int check_rows(struct pass *r, struct slice body, struct err *e)
{
	const struct pass_asked *asked = &r->asked;
	const struct pass_base *base = &r->base;
	const struct input *in = &r->arrived.in;
	bool rows = body.n > 0 || in->kind == INPUT_DATA || in->data > 0;

	if (!rows)
		return 0;
	if (!base->known)
		return in->delta.n > 0
			       ? delta_rows_begin(r, buf_all(&in->delta), e)
			       : 0;
	if (part_pin_begin(base->known, !base->state, buf_all(&in->part),
			   buf_all(&in->key), &asked->key, e) < 0)
		return -1;
	return delta_rows_begin(r, buf_all(&in->delta), e);
}

int emit_begin(struct pass *r, struct slice body, struct err *e)
{
	struct pass_asked *asked = &r->asked;
	struct pass_base *base = &r->base;
	static const char *const ours[] = {"run",
					   "v",
					   "key",
					   "identity",
					   "keep",
					   "mode",
					   "state",
					   "attempt",
					   "params",
					   "was",
					   "salt",
					   "accept_connection",
					   "mapping",
					   "on_mapping_change",
					   "destination",
					   "state_id",
					   "source",
					   "reads",
					   "delete_guard",
					   "delta",
					   NULL};
	struct buf *b = writer_buf(r->leaving.out);

	if (check_rows(r, body, e) < 0)
		return -1;
	r->leaving.begun = true;
	control_rewrite(b,
			body.n > 0 ? body : slice_str("{\"type\":\"begin\"}"),
			"changes", ours);
	buf_str(b, ",\"v\":1");
	control_add_text(b, "run", slice_str(asked->id));
	if (body.n > 0)
		add_fingerprints(asked, &r->arrived, b);
	buf_char(b, ',');
	key_show(&asked->key, b);
	kept_values_show(&base->keep, b);
	control_add_text(b, "mode", slice_str(pass_mode_word(asked->mode)));
	add_state_id(base, b);
	if (base->state) {
		control_add_text(b, "state", slice_str(base->state->dir));
		control_add_text(b, "attempt", slice_str(base->state->attempt));
		/* set it now: the line may never leave */
		abort_begun(slice_str(asked->id),
			    slice_str(base->state->attempt));
	}
	if (base->known)
		add_connection(asked, base, b);
	if (base->known && asked->mode == PASS_MIRROR)
		add_delete_guard(asked, base, b);
	if (asked->o->dry_run)
		buf_str(b, ",\"dry_run\":true");
	control_close(b);
	return writer_line(r->leaving.out, e);
}

/* Records the resend that --full begins before its first change leaves: if this
 * run is interrupted, the next one reads all rows and sends the rest.
 */
static int begin_resend(const struct resend *x, struct state *s, struct err *e)
{
	if (pending_write_owe(&s->journal, x->number, e) < 0)
		return -1;
	return x->begun ? cursor_file_forget(s, e) : 0;
}

/* Called before the first intent or note. A --keep that keeps more takes effect
 * even if this run is interrupted (apply_notes.h).
 */
static int begin_writing(struct pass_asked *asked, struct pass_base *base,
			 struct err *e)
{
	if (LIKELY(base->state->writing))
		return 0;
	if (cursor_file_begin(base->state, e) < 0 ||
	    state_write_ahead(base->state, slice_str(asked->id),
			      buf_all(&asked->key.columns), e) < 0 ||
	    (base->keep.widens &&
	     pending_write_note(&base->state->journal, base->state->attempt,
				SNAPSHOT_KEEP, buf_all(&base->keep.text),
				e) < 0))
		return -1;
	return asked->resend.write
		       ? begin_resend(&asked->resend, base->state, e)
		       : 0;
}

/* Adds the intent of a change that is about to leave; emit_sync makes it
 * durable.
 */
static int write_ahead(struct pass_asked *asked, struct pass_base *base,
		       const struct intent *i, const struct intent *again,
		       struct err *e)
{
	if (!base->state)
		return 0;
	if (begin_writing(asked, base, e) < 0)
		return -1;
	if (!again)
		pending_write_salted(&base->state->journal, i,
				     base->state->salt);
	return 0;
}

int emit_sync_begin(void *ctx, struct err *e)
{
	struct pass *r = ctx;

	/* the changes were decided by what the snapshot has */
	if (snapshot_sound(r->base.old, e) < 0)
		return -1;
	if (!r->base.state || !r->base.state->writing)
		return 0;
	return journal_flush_begin(&r->base.state->journal, e);
}

int emit_sync_end(void *ctx, struct err *e)
{
	struct pass *r = ctx;

	if (!r->base.state || !r->base.state->writing)
		return 0;
	return journal_flush_end(&r->base.state->journal, e);
}

int emit_same(struct pass_asked *asked, struct pass_base *base,
	      const struct intent *i, struct err *e)
{
	return write_ahead(asked, base, i, NULL, e);
}

int emit_notes(struct pass *r, struct err *e)
{
	struct slice note[SNAPSHOT_NOTES];
	bool any = false;

	for (size_t i = 0; i < SNAPSHOT_NOTES; i++) {
		note[i] = buf_all(&r->leaving.note[i]);
		any = any || r->leaving.says[i];
	}
	if (!r->base.state || !any)
		return 0;
	if (begin_writing(&r->asked, &r->base, e) < 0)
		return -1;
	return pending_write_notes(&r->base.state->journal,
				   r->base.state->attempt, note,
				   r->leaving.says, e);
}

static void add_member(struct buf *b, const char *name, struct slice json)
{
	if (json.n == 0)
		return;
	buf_fmt(b, ",\"%s\":", name);
	buf_slice(b, json);
}

/* Whether a kept row is complete. Columns that are not compared may be missing
 * in it, or be from an older row with the same hash.
 */
static bool keeps_all(const struct pass_asked *asked,
		      const struct pass_base *base)
{
	return base->keep.kind == KEPT_VALUES_ROW &&
	       (!asked->o->state ||
		(!asked->columns.compare && !asked->columns.ignore));
}

/* Call it after write_ahead, which may set the salt. */
static struct hash change_id(const struct pass_asked *asked,
			     const struct pass_base *base,
			     const struct intent *i, const struct intent *again)
{
	if (!base->known)
		return pending_id(i, asked->seed);
	return pending_id_salted(i, again ? again->salt : base->known->salt,
				 base->known->ids);
}

/* The start of a change line, up to its id. */
#define BEFORE_ID(action)                                                      \
	{                                                                      \
		"{\"_rudder\":{\"type\":\"change\",\"action\":\"" action       \
		"\",\"id\":",                                                  \
			sizeof("{\"_rudder\":{\"type\":\"change\",\"action\":" \
			       "\"" action "\",\"id\":") -                     \
				1                                              \
	}

static const struct slice before_id[] = {
	[PENDING_INSERT] = BEFORE_ID("insert"),
	[PENDING_UPDATE] = BEFORE_ID("update"),
	[PENDING_DELETE] = BEFORE_ID("delete"),
};

static void add_change(struct buf *b, const char id[32])
{
	static const char name[] = ",\"change\":\"";
	enum { NAME = sizeof(name) - 1 };
	char *to = buf_room(b, NAME + 32 + 1);

	memcpy(to, name, NAME);
	memcpy(to + NAME, id, 32);
	to[NAME + 32] = '"';
	b->n += NAME + 32 + 1;
}

/* The output buffer is larger than the caches. Prefetches where the next lines
 * will be written, so that the processor need not wait there.
 */
static ALWAYS_INLINE void fetch_ahead(const struct buf *b, size_t n)
{
	enum { LINE = 64, AHEAD = 1024, ID = 128 };

	if (b->size - b->n < AHEAD + ID + n)
		return;
	for (size_t i = 0; i < ID + n; i += LINE)
		__builtin_prefetch(b->p + b->n + AHEAD + i, 1);
}

int emit_change(struct pass *r, const struct emit_line *l, struct err *e)
{
	const struct intent *i = l->intent;
	struct slice text = slice_of(i->text, i->text_n);
	struct buf *b = writer_buf(r->leaving.out);
	char id[32];

	r->leaving.changed++;
	fetch_ahead(b, l->members.n);
	if (r->arrived.delta.on)
		delta_rows_changed(&r->arrived.delta, i);
	if (write_ahead(&r->asked, &r->base, i, l->again, e) < 0)
		return -1;
	pending_hex(change_id(&r->asked, &r->base, i, l->again), id);
	buf_slice(b, before_id[i->action]);
	key_id(&r->asked.key, b, text);
	add_change(b, id);
	if (UNLIKELY(l->doubt))
		add_member(b, "doubt", slice_str("true"));
	if (UNLIKELY(l->shared))
		add_member(b, "shared", slice_str("true"));
	add_member(b, "changed", l->changed);
	add_member(b, "before", l->before);
	if (i->action == PENDING_DELETE && keeps_all(&r->asked, &r->base) &&
	    !kept_values_lacks(&r->base.keep, slice_of(i->kept, i->kept_n)))
		add_member(b, "whole", slice_str("true"));
	buf_str(b, "},");
	if (l->members.n > 0) {
		buf_slice(b, l->members);
	} else {
		key_members(&r->asked.key, b, text);
		kept_values_members(&r->base.keep, slice_of(i->kept, i->kept_n),
				    b);
		buf_char(b, '}');
	}
	return writer_line(r->leaving.out, e);
}

int emit_reject(struct pass *r, const struct pass_row *row, const char *why,
		struct err *e)
{
	struct control_note note = {
		.type = "reject",
		.stage = "diff",
		.line = row->lineno,
		.reason = why,
		.record = row->line,
	};
	struct buf id = {0};

	if (row->text_n > 0)
		key_id(&r->asked.key, &id,
		       slice_of(r->arrived.texts.p + row->text_at,
				row->text_n));
	note.id = buf_all(&id);
	control_note(writer_buf(r->leaving.out), &note);
	buf_clear(&id);
	r->leaving.rejects++;
	r->arrived.delta.rejects++;
	reasons_add(&r->leaving.reasons, why, NULL, 1, row->lineno);
	return writer_line(r->leaving.out, e);
}

int emit_skip(struct pass *r, const struct intent *i,
	      const struct intent *again, const char *reason, struct err *e)
{
	struct buf text = {0};
	char id[32];
	struct control_note note = {
		.type = "skip",
		.stage = "diff",
		.reason = reason,
		.action = slice_str(pending_word(i->action)),
		.change = slice_of(id, sizeof(id)),
	};

	if (r->arrived.delta.on)
		delta_rows_changed(&r->arrived.delta, i);
	if (write_ahead(&r->asked, &r->base, i, again, e) < 0)
		return -1;
	pending_hex(change_id(&r->asked, &r->base, i, again), id);
	key_id(&r->asked.key, &text, slice_of(i->text, i->text_n));
	note.id = buf_all(&text);
	control_note(writer_buf(r->leaving.out), &note);
	buf_clear(&text);
	r->leaving.skips++;
	return writer_line(r->leaving.out, e);
}

int emit_blocked(struct pass_asked *asked, struct pass_leaving *leaving,
		 struct slice text, struct err *e)
{
	struct buf *b = writer_buf(leaving->out);

	buf_str(b, "{\"_rudder\":{\"type\":\"blocked\",\"stage\":\"diff\","
		   "\"action\":\"delete\",\"id\":");
	key_id(&asked->key, b, text);
	control_close(b);
	return writer_line(leaving->out, e);
}

int emit_end(struct pass *r, const struct err *blocked, struct err *e)
{
	struct pass_leaving *leaving = &r->leaving;
	struct buf *b = writer_buf(leaving->out);

	control_end(b, "changes");
	control_add_count(b, "changes",
			  leaving->inserts + leaving->updates +
				  leaving->deletes);
	control_add_count(b, "rejects",
			  leaving->rejects + r->arrived.in.rejects);
	control_add_count(b, "skips", r->arrived.in.skips + leaving->skips);
	control_add_count(b, "rows", r->arrived.rows);
	control_add_count(b, "inserts", leaving->inserts);
	control_add_count(b, "updates", leaving->updates);
	control_add_count(b, "deletes", leaving->deletes);
	control_add_count(b, "unchanged", leaving->unchanged);
	control_add_count(b, "ignored", leaving->ignored);
	control_add_count(b, "blocked", leaving->blocked);
	if (leaving->blocked > 0)
		control_add_text(b, "blocked_reason", slice_str(blocked->text));
	if (resend_blocked(&r->asked.resend) > 0)
		control_add_count(b, "resend_blocked",
				  resend_blocked(&r->asked.resend));
	if (leaving->quota.waiting > 0)
		control_add_count(b, "postponed", leaving->quota.waiting);
	if (leaving->deferred > 0)
		control_add_count(b, "deferred", leaving->deferred);
	if (leaving->overtaken > 0)
		control_add_count(b, "overtaken", leaving->overtaken);
	reread_end(leaving, b);
	if (r->arrived.in.has_query_ms)
		control_add_count(b, "query_ms", r->arrived.in.query_ms);
	control_add_own_ms(b, "diff_ms");
	delta_rows_show(r, b);
	control_close(b);
	return writer_line(leaving->out, e);
}
