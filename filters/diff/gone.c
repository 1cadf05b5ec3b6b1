#include "diff/gone.h"

#include "core/tool.h"
#include "diff/emit.h"
#include "diff/missed.h"
#include "diff/reached.h"
#include "wire/json.h"

/* Why a key that is gone is parked. */
static const char sent_before[] = "sent before, and gone";

static bool was_seen(const struct run *r, size_t i)
{
	return r->seen[i >> 3] >> (i & 7) & 1;
}

static bool came_key(const struct run *r, struct hash key)
{
	int64_t at = snapshot_find(r->old, key);

	return at >= 0 ? was_seen(r, (size_t)at) : fresh_has(&r->fresh, key);
}

static bool came(struct run *r, struct slice text)
{
	if (r->identity.key)
		return identity_came(&r->identity, text);
	return came_key(r, hash_bytes(text.p, text.n, r->seed));
}

/* The texts of a key by the types of its columns: the first is its own. */
static unsigned texts_of(const struct run *r)
{
	enum { COLUMNS = 4 }; /* looked at */

	if (r->identity.key) /* which compares them whatever their types */
		return 1;
	return 1u << (r->key.n < COLUMNS ? r->key.n : COLUMNS);
}

static struct hash retyped(struct run *r, struct slice text, unsigned columns)
{
	r->scratch.n = 0;
	key_retype(&r->key, &r->scratch, text, columns);
	return hash_bytes(r->scratch.p, r->scratch.n, r->seed);
}

static bool came_as_other(struct run *r, struct slice text, bool *known)
{
	for (unsigned columns = 1; columns < texts_of(r); columns++) {
		struct hash other = retyped(r, text, columns);

		if (!came_key(r, other))
			continue;
		*known = snapshot_find(r->old, other) >= 0;
		return true;
	}
	return false;
}

/* Whether numbers of the text are written in another way than by their value,
 * 7.0 for 7; then that text goes to *plain.
 */
static bool is_odd(struct run *r, struct slice text, struct slice *plain)
{
	r->plain.n = 0;
	key_retype(&r->key, &r->plain, text, 0);
	*plain = buf_all(&r->plain);
	return !slice_eq(text, *plain);
}

/* Whether a key that is gone came as another type, 7 as "7", or 7.0 as either
 * "7.0" or "7". Both are one to most destinations: the delete of the old would
 * be that of the new. known says whether the new one was delivered before.
 */
static bool is_retyped(struct run *r, struct slice text, bool *known)
{
	struct slice plain;

	if (!r->known || texts_of(r) == 1)
		return false;
	return came_as_other(r, text, known) ||
	       (is_odd(r, text, &plain) && came_as_other(r, plain, known));
}

/* The changes without an answer, one after the other, as state_next. */
static int next_open(const struct run *r, struct waits_walk *w,
		     struct intent *i, struct err *e)
{
	return r->known ? state_next(r->known, w, i, e) : 0;
}

static void first_open(const struct run *r, struct waits_walk *w)
{
	if (r->known)
		state_walk(r->known, w);
}

/* An insert without an answer whose row is gone: it may have arrived. */
static bool is_orphan(const struct run *r, const struct intent *i)
{
	return snapshot_find(r->old, i->key) < 0 &&
	       !fresh_has(&r->fresh, i->key);
}

/* In how many complete runs a key that is gone did not come, this one counted
 * if it says so.
 */
static uint32_t runs_missed(const struct run *r, struct hash key)
{
	uint32_t n = missed_runs(r->old->note[SNAPSHOT_MISSED], key);

	return n + (r->blind || n == UINT32_MAX ? 0 : 1);
}

/* What stands for the row of a key that leaves the state without a delete: else
 * its intent would be taken for that of one.
 */
static const struct hash dropped = {.lo = 1};

/* Whether the delete of a key was sent, and has no answer. */
static bool is_deleted(const struct intent *open)
{
	return open && open->action == PENDING_DELETE &&
	       !hash_eq(open->row, dropped);
}

/* Whether its delete is to wait for more runs; one that was sent before is due
 * at once.
 */
static bool waits(const struct run *r, struct hash key)
{
	const struct intent *open;
	struct intent i;

	if (!r->known || r->o->delete_after_runs <= 1)
		return false;
	open = state_intent(r->known, key, &i);
	return !is_deleted(open) &&
	       runs_missed(r, key) < r->o->delete_after_runs;
}

/* Whether a row that came has the identity of a key that is gone. */
static bool is_held(struct run *r, struct slice text)
{
	return r->identity.key &&
	       identity_place(&r->identity, text) <= IDENTITY_CAME;
}

/* Of several keys with one identity there is one delete, if all of them leave.
 */
static void count_identity(struct run *r, struct delete_guard_case *c,
			   struct slice text, bool leaves)
{
	if (r->identity.key)
		c->deletes += (uint64_t)(int64_t)identity_leaves(&r->identity,
								 text, leaves);
}

/* One key that is gone, for the delete guards and for the note of those that
 * are. */
static void count_key(struct run *r, struct delete_guard_case *c,
		      struct hash key, struct slice text)
{
	bool known;

	if (is_retyped(r, text, &known) || is_held(r, text))
		return;
	if (r->known && r->o->delete_after_runs > 1 && runs_missed(r, key) > 0)
		missed_add(&r->note[SNAPSHOT_MISSED], key, runs_missed(r, key));
	if (waits(r, key)) {
		r->waiting++;
		count_identity(r, c, text, false);
	} else if (r->identity.key) {
		count_identity(r, c, text, true);
	} else {
		c->deletes++;
	}
}

/* Whose identities are gone, and who has them besides. */
static int find_identities(struct run *r, struct err *e)
{
	struct waits_walk w;
	struct intent x;
	int rc;

	for (size_t i = 0; i < r->old->n; i++) {
		if (!was_seen(r, i))
			identity_gone(&r->identity, snapshot_text(r->old, i));
	}
	first_open(r, &w);
	while ((rc = next_open(r, &w, &x, e)) > 0) {
		if (is_orphan(r, &x))
			identity_gone(&r->identity, slice_of(x.text, x.text_n));
	}
	for (size_t i = 0; r->identity.gone.n > 0 && i < r->old->n; i++) {
		if (was_seen(r, i))
			identity_seen(&r->identity, snapshot_text(r->old, i));
	}
	return rc;
}

/* Keys that may be at the destination, and those of them that are gone. */
static int count_keys(struct run *r, struct delete_guard_case *c, struct err *e)
{
	struct waits_walk w;
	struct intent x;
	int rc;

	c->keys = r->old->n;
	if (r->identity.key && find_identities(r, e) < 0)
		return -1;
	for (size_t i = 0; i < r->old->n; i++) {
		if (!was_seen(r, i))
			count_key(r, c, r->old->hot[i].key,
				  snapshot_text(r->old, i));
	}
	first_open(r, &w);
	while ((rc = next_open(r, &w, &x, e)) > 0) {
		if (!is_orphan(r, &x))
			continue;
		c->keys++;
		r->orphans++;
		count_key(r, c, x.key, slice_of(x.text, x.text_n));
	}
	return rc;
}

/* Without deletes keys are missed no longer, but those that came are there. */
static void count_those_that_came(struct run *r)
{
	struct slice note = r->old->note[SNAPSHOT_MISSED];

	for (size_t i = 0; i < missed_n(note); i++) {
		struct missed m = missed_at(note, i);
		int64_t at = snapshot_find(r->old, m.key);
		bool known;

		if (at >= 0 &&
		    is_retyped(r, snapshot_text(r->old, (size_t)at), &known))
			continue;
		if (!came_key(r, m.key))
			missed_add(&r->note[SNAPSHOT_MISSED], m.key, m.runs);
	}
}

/* Note what was counted, where it is not what the state notes. */
static void say_missed(struct run *r)
{
	struct buf *b = &r->note[SNAPSHOT_MISSED];

	missed_order(b);
	r->says[SNAPSHOT_MISSED] =
		!slice_eq(buf_all(b), r->old->note[SNAPSHOT_MISSED]);
}

/* The values to tell of a key that is gone: those that were sent last, or else
 * those that were delivered.
 */
static void last_known(const struct run *r, struct intent *i,
		       const struct intent *open, int64_t at)
{
	struct slice kept = slice_of(NULL, 0);

	if (r->keep.kind == KEEP_HASH)
		return;
	if (open && open->kept_n > 0)
		kept = slice_of(open->kept, open->kept_n);
	else if (at >= 0)
		kept = snapshot_kept(r->old, (size_t)at);
	i->kept = kept.p;
	i->kept_n = (uint32_t)kept.n;
}

/* A key that was sent and is gone, without a delete: it goes into the state as
 * one of which the row is not known, so that it is sent when it comes back, and
 * deleted by a run that deletes.
 */
static int park(struct run *r, struct hash key, struct slice text,
		const struct intent *open, const char *why, struct err *e)
{
	int64_t at = snapshot_find(r->old, key);
	const struct intent *again;
	struct intent i = {
		.key = key,
		.text = text.p,
		.text_n = (uint32_t)text.n,
		.action = at < 0 ? PENDING_INSERT : PENDING_UPDATE,
	};

	again = state_version(&i, open,
			      at < 0 ? r->old->generation
				     : r->old->cold[at].version);
	last_known(r, &i, open, at);
	return emit_skip(r, &i, again, why, e);
}

/* A key of the snapshot that is the same as one that is about to leave. */
static int park_other(struct run *r, struct hash other, struct err *e)
{
	int64_t at = snapshot_find(r->old, other);
	struct intent open;

	if (at < 0 || was_seen(r, (size_t)at) ||
	    !mark_known(r->old->hot[at].mark))
		return 0;
	return park(r, other, snapshot_text(r->old, (size_t)at),
		    state_intent(r->known, other, &open), sent_before, e);
}

/* Before a change of a key leaves: the same key of another type is no longer
 * known to be there as it was delivered, whichever of the two comes next.
 */
int gone_retyped(struct run *r, struct slice text, struct err *e)
{
	struct slice plain;
	bool odd = texts_of(r) > 1 && is_odd(r, text, &plain);

	for (unsigned columns = 1; columns < texts_of(r); columns++) {
		if (park_other(r, retyped(r, text, columns), e) < 0 ||
		    (odd && park_other(r, retyped(r, plain, columns), e) < 0))
			return -1;
	}
	return 0;
}

/* The key leaves the state without a delete. */
static int drop(struct run *r, struct intent *i, uint64_t version,
		const struct intent *open, const char *why, struct err *e)
{
	const struct intent *again;

	i->row = dropped;
	again = state_version(i, open, version);
	return emit_skip(r, i, again, why, e);
}

/* A key that is gone and came as another type: no delete. The old one stands
 * for the new one until that is there; of the old one in the snapshot
 * gone_retyped has said so.
 */
static int leave_retyped(struct run *r, struct intent *i, bool known,
			 uint64_t version, const struct intent *open,
			 struct err *e)
{
	r->retyped++;
	if (known && !r->blind)
		return drop(r, i, version, open, "the key came as another type",
			    e);
	return known || !open ? 0
			      : park(r, i->key, slice_of(i->text, i->text_n),
				     open, sent_before, e);
}

/* A key that is gone, of which the identity is not: no delete. It leaves the
 * state when another key of it there answers for what the destination has.
 * Until then it stays, but no longer as it was delivered.
 */
static int leave_held(struct run *r, struct intent *i, uint64_t version,
		      const struct intent *open, struct err *e)
{
	struct slice text = slice_of(i->text, i->text_n);
	bool delivered =
		identity_place(&r->identity, text) == IDENTITY_DELIVERED;
	int64_t at;

	if (!r->known || (delivered && !r->blind))
		return drop(r, i, version, open, "another row has its identity",
			    e);
	if (r->blind)
		return open && open->action != PENDING_DELETE && !r->in.partial
			       ? park(r, i->key, text, open, sent_before, e)
			       : 0;
	at = snapshot_find(r->old, i->key);
	if (!open && at >= 0 && !mark_known(r->old->hot[at].mark))
		return 0;
	return park(r, i->key, text, open, "another row got its identity", e);
}

/* The version of a delete. That of an identity is not sent again under its
 * first id: another row may have had it since, even in a run that was cut, and
 * a destination that knows the id would keep it.
 */
static const struct intent *delete_version(const struct run *r,
					   struct intent *i,
					   const struct intent *open,
					   uint64_t version)
{
	const struct intent *again = state_version(i, open, version);

	if (!again || !r->identity.key)
		return again;
	i->version = again->version + 1;
	return NULL;
}

/* A key that is gone: its delete, or what stands for it. One that was sent and
 * has to wait is parked: nothing is to be sent of it, so no answer is due.
 */
static int leave_key(struct run *r, struct hash key, struct slice text,
		     uint64_t version, struct err *e)
{
	struct intent waiting;
	const struct intent *open =
		r->known ? state_intent(r->known, key, &waiting) : NULL;
	const struct intent *again;
	struct intent i = {
		.key = key,
		.text = text.p,
		.text_n = (uint32_t)text.n,
		.action = PENDING_DELETE,
	};
	bool known;

	if (is_retyped(r, text, &known))
		return leave_retyped(r, &i, known, version, open, e);
	if (is_held(r, text))
		return leave_held(r, &i, version, open, e);
	if (r->held > 0 || waits(r, key))
		return open && !is_deleted(open) && !r->in.partial
			       ? park(r, key, text, open, sent_before, e)
			       : 0;
	if (r->identity.key &&
	    identity_place(&r->identity, text) == IDENTITY_WAITS) {
		identity_left(&r->identity, text);
		return drop(r, &i, version, open,
			    "another key has its identity, and is gone", e);
	}
	if (!turns_take(&r->turns, key))
		return 0;
	again = delete_version(r, &i, open, version);
	r->deletes++;
	if (r->sample)
		sample_drop(r->sample, key);
	last_known(r, &i, open, snapshot_find(r->old, key));
	return emit_change(r, &(struct emit_line){.intent = &i, .again = again},
			   e);
}

static int leave_keys(struct run *r, struct err *e)
{
	struct waits_walk w;
	struct intent x;
	int rc;

	for (size_t i = 0; i < r->old->n; i++) {
		if (!was_seen(r, i) &&
		    leave_key(r, r->old->hot[i].key, snapshot_text(r->old, i),
			      r->old->cold[i].version, e) < 0)
			return -1;
	}
	if (r->orphans == 0)
		return 0;
	first_open(r, &w);
	while ((rc = next_open(r, &w, &x, e)) > 0) {
		if (is_orphan(r, &x) &&
		    leave_key(r, x.key, slice_of(x.text, x.text_n), x.version,
			      e) < 0)
			return -1;
	}
	return rc;
}

static int park_gone(struct run *r, struct err *e)
{
	struct waits_walk w;
	struct intent x;
	int rc;

	first_open(r, &w);
	while ((rc = next_open(r, &w, &x, e)) > 0) {
		if (!came_key(r, x.key) &&
		    park(r, x.key, slice_of(x.text, x.text_n), &x, sent_before,
			 e) < 0)
			return -1;
	}
	return rc;
}

/* 1 when a change without an answer is of a row that did not come, 0, or -1. */
static int misses_open(const struct run *r, struct err *e)
{
	struct waits_walk w;
	struct intent x;
	int rc;

	first_open(r, &w);
	while ((rc = next_open(r, &w, &x, e)) > 0) {
		if (!came_key(r, x.key))
			break;
	}
	return rc;
}

/* Of a part of the rows nothing is gone that did not come. But behind a cursor
 * it may never come again: then the next run is to read all rows.
 */
static int leave_part(struct run *r, struct err *e)
{
	int rc = r->state && r->in.cursor.n > 0 ? misses_open(r, e) : 0;

	if (rc <= 0)
		return rc;
	tool_warn("changes without an answer are of rows before the cursor of "
		  "'%s': removed; the next run reads all rows",
		  r->state->dir);
	return reached_forget(r->state, e);
}

/* Whether a key that must come did not. As the texts of "id" do not tell 7
 * from "7", either will do.
 */
static bool canary_gone(struct run *r)
{
	const struct opt_list *must = r->o->require;
	bool gone = false;

	for (size_t i = 0; must && i < must->n && !gone; i++) {
		struct buf quoted = {0};

		json_string(&quoted, slice_str(must->v[i]));
		gone = !came(r, slice_str(must->v[i])) &&
		       !came(r, buf_all(&quoted));
		buf_clear(&quoted);
	}
	return gone;
}

int gone_keys(struct run *r, struct err *blocked, struct err *e)
{
	struct delete_guard_case c = {
		.rows = r->rows - r->identity.nobody,
		.unreadable = r->unreadable + r->in.rejects,
		.canary_gone = canary_gone(r),
		.trusted_eof = r->state && !r->in.ended,
		.partial = r->in.partial,
	};

	if (c.partial && leave_part(r, e) < 0)
		return -1;
	if (r->mode != RUN_MIRROR) {
		count_those_that_came(r);
		say_missed(r);
		return c.partial ? 0 : park_gone(r, e);
	}
	r->blind = !delete_guard_sees(&c);
	if (count_keys(r, &c, e) < 0)
		return -1;
	say_missed(r);
	if (r->known && delete_guard_blocks(&r->guard, &c, blocked))
		r->held = c.deletes;
	return leave_keys(r, e);
}
