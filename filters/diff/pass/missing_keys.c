#include "diff/pass/missing_keys.h"

#include "core/tool.h"
#include "diff/pass/emit.h"
#include "diff/pass/missing_parts.h"
#include "diff/pass/parked.h"
#include "diff/pass/retyped.h"
#include "diff/state/absent_runs.h"
#include "diff/state/cursor_file.h"
#include "wire/json/json.h"

/* ---- what happens to a missing key ------------------------------------- */

static const char sent_before[] = "deleted from the source after it was sent";
static const char as_twin[] = "the key arrived with a different type";
static const char has_identity[] = "another row has its identity";
static const char held_by_missing[] =
	"another missing key has the same identity";

enum {
	HELD = MISSING_KEYS_HELD_DELIVERED | MISSING_KEYS_HELD_NEW,
	TWIN = MISSING_KEYS_TWIN_NEW | MISSING_KEYS_TWIN_DELIVERED,
	DOUBTED = MISSING_KEYS_BLIND | MISSING_KEYS_PARTIAL,
	NOT_PARTIAL = MISSING_KEYS_WHOLE | MISSING_KEYS_BLIND
};

/* The first rule that matches decides. A member that a rule does not set
 * matches anything.
 */
static const struct {
	struct missing_keys_key is;
	enum missing_keys_outcome outcome;
	const char *why;
} rules[] = {
	/* Two files: if the new file has the key in another form, it is not
	 * deleted.
	 */
	{{.where = MISSING_KEYS_IN_FILE, .twin = TWIN},
	 MISSING_KEYS_DROPPED,
	 as_twin},
	{{.where = MISSING_KEYS_IN_FILE, .holder = HELD},
	 MISSING_KEYS_DROPPED,
	 has_identity},
	/* The key arrived with a different type. The old key stays in the state
	 * for it until the new one is delivered. It was parked before the new
	 * one left (parked.h).
	 */
	{{.twin = MISSING_KEYS_TWIN_DELIVERED, .input = MISSING_KEYS_WHOLE},
	 MISSING_KEYS_DROPPED,
	 as_twin},
	{{.twin = TWIN}, MISSING_KEYS_STAYS, NULL},
	/* Another row has its identity. The key stays until another key with
	 * the identity is delivered, but its row at the destination is unknown
	 * now.
	 */
	{{.holder = MISSING_KEYS_HELD_DELIVERED, .input = MISSING_KEYS_WHOLE},
	 MISSING_KEYS_DROPPED,
	 has_identity},
	{{.holder = HELD,
	  .input = MISSING_KEYS_BLIND,
	  .open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_PARKED,
	 sent_before},
	{{.holder = HELD, .input = DOUBTED}, MISSING_KEYS_STAYS, NULL},
	{{.holder = HELD,
	  .open = MISSING_KEYS_ACKNOWLEDGED,
	  .row = MISSING_KEYS_ROW_UNKNOWN},
	 MISSING_KEYS_STAYS,
	 NULL},
	{{.holder = HELD}, MISSING_KEYS_PARKED, "another row got its identity"},
	/* The key is really missing. A delete that was allowed once is sent
	 * until it is acknowledged, unless the input is in doubt. While the
	 * delete is blocked or deferred, an earlier change stays
	 * unacknowledged: if the row reappears unchanged, it is sent again
	 * under its first id.
	 */
	{{.due = MISSING_KEYS_GUARDED | MISSING_KEYS_DEFERRED,
	  .open = MISSING_KEYS_LEFT,
	  .input = NOT_PARTIAL},
	 MISSING_KEYS_PARKED,
	 sent_before},
	{{.due = MISSING_KEYS_GUARDED,
	  .open = MISSING_KEYS_DELETING,
	  .input = MISSING_KEYS_WHOLE,
	  .holder = MISSING_KEYS_HELD_MISSING},
	 MISSING_KEYS_DROPPED,
	 held_by_missing},
	{{.due = MISSING_KEYS_GUARDED,
	  .open = MISSING_KEYS_DELETING,
	  .input = MISSING_KEYS_WHOLE},
	 MISSING_KEYS_DELETED,
	 NULL},
	{{.due = MISSING_KEYS_GUARDED}, MISSING_KEYS_BLOCKED, NULL},
	{{.due = MISSING_KEYS_DEFERRED}, MISSING_KEYS_STAYS, NULL},
	/* Of several keys with one identity, the last one deletes it. */
	{{.holder = MISSING_KEYS_HELD_MISSING},
	 MISSING_KEYS_DROPPED,
	 held_by_missing},
	{{.where = MISSING_KEYS_IN_STATE | MISSING_KEYS_IN_FILE},
	 MISSING_KEYS_DELETED,
	 NULL},
};

static bool matches(unsigned rule, unsigned is)
{
	return rule == 0 || (rule & is) != 0;
}

enum missing_keys_outcome missing_keys_decide(const struct missing_keys_key *k,
					      const char **why)
{
	size_t i = 0;

	for (; i + 1 < COUNT_OF(rules); i++) {
		const struct missing_keys_key *is = &rules[i].is;

		if (matches(is->where, k->where) &&
		    matches(is->input, k->input) &&
		    matches(is->twin, k->twin) &&
		    matches(is->holder, k->holder) &&
		    matches(is->open, k->open) && matches(is->due, k->due) &&
		    matches(is->row, k->row))
			break;
	}
	*why = rules[i].why;
	return rules[i].outcome;
}

static enum missing_keys_twin twin_of(struct pass *r, struct slice text)
{
	switch (retyped_find(r, text)) {
	case RETYPED_NEW:
		return MISSING_KEYS_TWIN_NEW;
	case RETYPED_DELIVERED:
		return MISSING_KEYS_TWIN_DELIVERED;
	default:
		return MISSING_KEYS_NO_TWIN;
	}
}

static enum missing_keys_holder holder_of(struct pass_arrived *arrived,
					  struct slice text)
{
	switch (arrived->identity.key ? identity_place(&arrived->identity, text)
				      : IDENTITY_NOWHERE) {
	case IDENTITY_DELIVERED:
		return MISSING_KEYS_HELD_DELIVERED;
	case IDENTITY_CAME:
		return MISSING_KEYS_HELD_NEW;
	case IDENTITY_WAITS:
		return MISSING_KEYS_HELD_MISSING;
	default:
		return MISSING_KEYS_NOBODY;
	}
}

static struct missing_keys_key examine_key(struct pass *r,
					   const struct intent *i,
					   const struct intent *open)
{
	struct slice text = slice_of(i->text, i->text_n);
	int64_t at = snapshot_find(r->base.old, i->key);
	bool unknown = at >= 0 &&
		       !row_hash_known(snapshot_mark(r->base.old, (size_t)at));

	return (struct missing_keys_key){
		.where = r->base.known ? MISSING_KEYS_IN_STATE
				       : MISSING_KEYS_IN_FILE,
		.input = !r->arrived.blind       ? MISSING_KEYS_WHOLE
			 : r->arrived.in.partial ? MISSING_KEYS_PARTIAL
						 : MISSING_KEYS_BLIND,
		.twin = twin_of(r, text),
		.holder = holder_of(&r->arrived, text),
		.open = missing_open_of(open),
		.due = r->leaving.blocked > 0            ? MISSING_KEYS_GUARDED
		       : missing_count_defers(r, i->key) ? MISSING_KEYS_DEFERRED
							 : MISSING_KEYS_DUE,
		.row = unknown ? MISSING_KEYS_ROW_UNKNOWN
			       : MISSING_KEYS_ROW_KNOWN,
	};
}

/* ---- what leaves ------------------------------------------------------- */

/* Drops the key from the state without a delete. */
static int drop(struct pass *r, struct intent *i, uint64_t version,
		const struct intent *open, const char *why, struct err *e)
{
	const struct intent *again;

	i->row = missing_dropped_row;
	again = parked_version(&r->arrived, i, open, version);
	return emit_skip(r, i, again, why, e);
}

/* The version of a delete. The delete of an identity is never resent under its
 * first id: another row may have had the identity since, even in a run that was
 * interrupted, and a destination that drops known ids would keep that. The same
 * with --full, because the state may be from a backup.
 */
static const struct intent *delete_version(const struct pass_asked *asked,
					   const struct pass_arrived *arrived,
					   struct intent *i,
					   const struct intent *open,
					   uint64_t version)
{
	const struct intent *again = parked_version(arrived, i, open, version);

	if (!again ||
	    (!arrived->identity.key && !resend_renews(&asked->resend, again)))
		return again;
	i->version = again->version + 1;
	return NULL;
}

static int send_delete(struct pass *r, struct intent *i, uint64_t version,
		       const struct intent *open, struct err *e)
{
	struct pass_base *base = &r->base;
	const struct intent *again;

	if (!quota_take(&r->leaving.quota, i->key))
		return 0;
	parked_values(base, i, open, snapshot_find(base->old, i->key));
	if (base->keep.kind != KEPT_VALUES_HASH)
		i->keep_sum = base->keep.sum;
	/* with --identity only the last key of an identity is deleted */
	if (base->known && !r->arrived.identity.key &&
	    parked_others(r, i->key, slice_of(i->text, i->text_n), e) < 0)
		return -1;
	again = delete_version(&r->asked, &r->arrived, i, open, version);
	r->leaving.deletes++;
	if (base->sample)
		sample_drop(base->sample, i->key);
	return emit_change(r, &(struct emit_line){.intent = i, .again = again},
			   e);
}

/* This many blocked deletes are listed, so that the user can look at them. */
enum { LISTED = 100 };

static int leave_key(struct pass *r, struct hash key, struct slice text,
		     uint64_t version, struct err *e)
{
	struct intent waiting;
	const struct intent *open =
		r->base.known ? state_intent(r->base.known, key, &waiting)
			      : NULL;
	struct intent i = {
		.key = key,
		.text = text.p,
		.text_n = (uint32_t)text.n,
		.action = PENDING_DELETE,
	};
	struct missing_keys_key k = examine_key(r, &i, open);
	const char *why;

	r->leaving.retyped += k.twin != MISSING_KEYS_NO_TWIN;
	switch (missing_keys_decide(&k, &why)) {
	case MISSING_KEYS_PARKED:
		return parked_park(r, key, text, open, false, why, e);
	case MISSING_KEYS_DROPPED:
		if (k.holder == MISSING_KEYS_HELD_MISSING) {
			identity_left(&r->arrived.identity, text);
			if (parked_missing(r, key, text, e) < 0)
				return -1;
		}
		if ((k.holder == MISSING_KEYS_HELD_DELIVERED ||
		     k.twin == MISSING_KEYS_TWIN_DELIVERED) &&
		    parked_holder(r, key, text, open, e) < 0)
			return -1;
		return drop(r, &i, version, open, why, e);
	case MISSING_KEYS_DELETED:
		return send_delete(r, &i, version, open, e);
	case MISSING_KEYS_BLOCKED:
		return r->leaving.listed++ < LISTED
			       ? emit_blocked(&r->asked, &r->leaving, text, e)
			       : 0;
	default:
		return 0;
	}
}

static int leave_keys(struct pass *r, struct err *e)
{
	struct unacked_walk w;
	struct intent x;
	int rc;

	for (size_t i = missing_next(r, 0); i < r->base.old->places;
	     i = missing_next(r, i + 1)) {
		if (leave_key(r, snapshot_key(r->base.old, i),
			      snapshot_text(r->base.old, i),
			      snapshot_version(r->base.old, (size_t)i), e) < 0)
			return -1;
	}
	if (r->leaving.orphans == 0)
		return 0;
	missing_walk_open(&r->base, &w);
	while ((rc = missing_next_open(&r->base, &w, &x, e)) > 0) {
		if (missing_is_orphan(&r->base, &r->arrived, &x) &&
		    leave_key(r, x.key, slice_of(x.text, x.text_n), x.version,
			      e) < 0)
			return -1;
	}
	return rc;
}

/* ---- modes without deletes, and parts ---------------------------------- */

/* Whether the unacknowledged change of a missing key stays for the next run. It
 * does not if a row that arrived may have taken its place at the destination.
 */
static bool stays_open(struct pass *r, const struct intent *i)
{
	return twin_of(r, slice_of(i->text, i->text_n)) ==
		       MISSING_KEYS_NO_TWIN &&
	       !absent_runs_open(r->base.old->note[SNAPSHOT_MISSED], i->key);
}

/* The first complete run in which a row with an unacknowledged change is
 * missing keeps the change: if the row reappears in the next run, it is sent
 * again under its first id. The second such run parks the key, so that a row
 * that was deleted from the source does not stay unacknowledged for ever.
 */
static int park_missing(struct pass *r, struct err *e)
{
	struct unacked_walk w;
	struct intent x;
	int rc;

	missing_walk_open(&r->base, &w);
	while ((rc = missing_next_open(&r->base, &w, &x, e)) > 0) {
		bool stays;

		if (missing_arrived(&r->base, &r->arrived, x.key))
			continue;
		stays = stays_open(r, &x);
		missing_count_open(&r->base, &r->leaving, x.key, stays);
		if (!stays && parked_park(r, x.key, slice_of(x.text, x.text_n),
					  &x, false, sent_before, e) < 0)
			return -1;
	}
	return rc;
}

/* 1 if the row of an unacknowledged change is missing, 0, or -1. */
static int misses_open(const struct pass_base *base,
		       const struct pass_arrived *arrived, struct err *e)
{
	struct unacked_walk w;
	struct intent x;
	int rc;

	missing_walk_open(base, &w);
	while ((rc = missing_next_open(base, &w, &x, e)) > 0) {
		if (!missing_arrived(base, arrived, x.key))
			break;
	}
	return rc;
}

/* If only a part of the rows was read, a row that did not arrive is not
 * missing. But a row with an unacknowledged change before the cursor might
 * never be read again: then the next run must read all rows.
 */
static int leave_part(struct pass_base *base, struct pass_arrived *arrived,
		      struct err *e)
{
	int rc = base->state && arrived->in.cursor.n > 0
			 ? misses_open(base, arrived, e)
			 : 0;

	if (rc <= 0)
		return rc;
	tool_warn("some unacknowledged changes are of rows before the cursor "
		  "of '%s': cursor removed; the next run reads all rows",
		  base->state->dir);
	return cursor_file_forget(base->state, e);
}

/* ---- the run ----------------------------------------------------------- */

static bool has_arrived(struct pass *r, struct slice text)
{
	if (r->arrived.identity.key)
		return identity_came(&r->arrived.identity, text);
	return missing_arrived(&r->base, &r->arrived,
			       hash_bytes(text.p, text.n, r->asked.seed));
}

/* Whether a key of --require-key did not arrive. The text of an "id" does not
 * tell 7 from "7", so either counts.
 */
static bool key_missing(struct pass *r)
{
	const struct opt_list *must = r->asked.o->require;
	bool gone = false;

	for (size_t i = 0; must && i < must->n && !gone; i++) {
		struct buf quoted = {0};

		json_string(&quoted, slice_str(must->v[i]));
		gone = !has_arrived(r, slice_str(must->v[i])) &&
		       !has_arrived(r, buf_all(&quoted));
		buf_clear(&quoted);
	}
	return gone;
}

/* Notes in how many runs keys were missing, if that differs from the state. */
static void say_missed(struct pass_base *base, struct pass_leaving *leaving)
{
	struct buf *b = &leaving->note[SNAPSHOT_MISSED];

	absent_runs_order(b);
	leaving->says[SNAPSHOT_MISSED] =
		!slice_eq(buf_all(b), base->old->note[SNAPSHOT_MISSED]);
}

/* Whether the rows are of a model that differs from the one in the state. Rows
 * without a model never count as new.
 */
static bool is_new_model(const struct pass_base *base,
			 const struct pass_arrived *arrived)
{
	struct slice was = base->old->note[SNAPSHOT_MODEL];

	return was.n > 0 && arrived->in.model.n > 0 &&
	       !slice_eq(was, buf_all(&arrived->in.model));
}

/* Notes the model when its deletes leave. It is compared with later models. */
static void say_model(struct pass *r)
{
	if (r->arrived.in.model.n > 0 &&
	    !slice_eq(r->base.old->note[SNAPSHOT_MODEL],
		      buf_all(&r->arrived.in.model)))
		pass_set_note(&r->leaving, SNAPSHOT_MODEL,
			      buf_all(&r->arrived.in.model));
}

int missing_keys_send(struct pass *r, struct err *blocked, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	const struct delta_rows *delta = &arrived->delta;
	struct delete_guard_case c;

	delta_rows_apply(r);
	c = (struct delete_guard_case){
		.rows = delta->part ? delta->total
				    : arrived->rows - arrived->identity.nobody,
		.unreadable = arrived->unreadable + arrived->in.rejects,
		.keyless = arrived->keyless,
		.upstream = arrived->in.rejects,
		.keyless_line = arrived->keyless_line,
		.bad_line = arrived->bad_line,
		.no_key = buf_cstr(&arrived->no_key),
		.key_missing = key_missing(r),
		.trusted_eof = r->base.known && !arrived->in.ended,
		.partial = arrived->in.partial && !delta->part,
		.new_model = is_new_model(&r->base, arrived),
	};

	if (c.partial && leave_part(&r->base, arrived, e) < 0)
		return -1;
	if (arrived->in.unchanged)
		return 0;
	if (r->base.old->n == 0)
		say_model(r);
	if (r->asked.mode != PASS_MIRROR) {
		missing_count_returned(r, c.partial);
		if (!c.partial && park_missing(r, e) < 0)
			return -1;
		say_missed(&r->base, &r->leaving);
		return 0;
	}
	if (r->base.known && !delta->part &&
	    snapshot_whole(&r->base.known->snapshot, e) < 0)
		return -1;
	arrived->blind = delete_guard_blind(&c) != 0;
	if (missing_count(r, &c, e) < 0)
		return -1;
	say_missed(&r->base, &r->leaving);
	if (r->base.known)
		r->leaving.blocked =
			delete_guard_blocks(&r->asked.guard, &c, blocked);
	r->leaving.unreadable_said =
		r->leaving.blocked > 0 &&
		delete_guard_says_unreadable(delete_guard_blind(&c));
	/* if the user allows the deletes, the input is trusted */
	if (c.deletes > 0 && r->leaving.blocked == 0)
		arrived->blind = false;
	if (!arrived->blind && r->leaving.blocked == 0)
		say_model(r);
	return leave_keys(r, e);
}
