#include "diff/pass/parked.h"

#include "core/counts.h"
#include "core/temp.h"
#include "diff/pass/emit.h"
#include "diff/pass/missing_parts.h"
#include "diff/pass/retyped.h"

/* Why a key is parked: it is the same row to the destination as one that is
 * sent.
 */
static const char as_type[] = "the key is sent with a different type";
static const char as_identity[] = "another row with its identity is sent";

void parked_values(const struct pass_base *base, struct intent *i,
		   const struct intent *open, int64_t at)
{
	struct slice kept = slice_of(NULL, 0);

	if (base->keep.kind == KEPT_VALUES_HASH)
		return;
	if (open && open->kept_n > 0)
		kept = slice_of(open->kept, open->kept_n);
	else if (at >= 0)
		kept = snapshot_kept(base->old, (size_t)at);
	i->kept = kept.p;
	i->kept_n = (uint32_t)kept.n;
}

static uint64_t version_at(const struct pass_base *base, int64_t at)
{
	return at < 0 ? base->old->generation
		      : snapshot_version(base->old, (size_t)at);
}

/* Whether an intent only parks or drops its key. Whatever was sent of the key
 * before is not resent under its first id then.
 */
static bool sends_nothing(const struct intent *i)
{
	return hash_eq(i->row, i->action == PENDING_DELETE ? missing_dropped_row
							   : (struct hash){0});
}

/* The line hash of a parked row that may have been sent last of the keys that
 * are one row to the destination.
 */
enum { MAY_BE_LAST = 1 };

/* Whether the key may be the one that was sent last. It is not if it was parked
 * because another key is sent.
 */
static bool may_be_last_sent(const struct pass_base *base, struct hash key,
			     const struct intent *open)
{
	int64_t at = snapshot_find(base->old, key);
	struct row_hash mark;

	if (open)
		return !sends_nothing(open) || open->line == MAY_BE_LAST;
	if (at < 0)
		return false;
	mark = snapshot_mark(base->old, (size_t)at);
	return row_hash_known(mark) || mark.line == MAY_BE_LAST;
}

int parked_park(struct pass *r, struct hash key, struct slice text,
		const struct intent *open, bool overtaken, const char *why,
		struct err *e)
{
	int64_t at = snapshot_find(r->base.old, key);
	const struct intent *again;
	struct intent i = {
		.key = key,
		.text = text.p,
		.text_n = (uint32_t)text.n,
		.action = at < 0 ? PENDING_INSERT : PENDING_UPDATE,
	};

	if (parked_now(&r->arrived, key))
		return 0;
	if (!overtaken && may_be_last_sent(&r->base, key, open))
		i.line = MAY_BE_LAST;
	again = state_version(&i, open, version_at(&r->base, at));
	parked_values(&r->base, &i, open, at);
	return emit_skip(r, &i, again, why, e);
}

/* If two rows are one to the destination and one of them is missing, the
 * destination may have the values of that one.
 */
static const char stood_for[] = "another row that stood for it is missing";

/* Parks a key for the case that its change of this run is refused: the snapshot
 * would keep the row, although the destination may have the values of another
 * row. The intent has the version of the snapshot, by which the commit knows
 * that it takes effect only in that case (apply_rules.c). An unacknowledged
 * change is sent again anyway.
 */
static int park_in_case(struct pass *r, struct hash key, struct err *e)
{
	const struct pass_base *base = &r->base;
	int64_t at = snapshot_find(base->old, key);
	struct intent i = {
		.key = key, .action = PENDING_UPDATE, .line = MAY_BE_LAST};
	struct intent open;
	struct slice text;

	if (!base->known || at < 0 ||
	    !row_hash_known(snapshot_mark(base->old, (size_t)at)) ||
	    parked_now(&r->arrived, key) ||
	    key_set_has(&r->arrived.in_case, key) ||
	    state_intent(base->known, key, &open))
		return 0;
	key_set_put(&r->arrived.in_case, key, 0);
	text = snapshot_text(base->old, (size_t)at);
	i.text = text.p;
	i.text_n = (uint32_t)text.n;
	i.version = snapshot_version(base->old, (size_t)at);
	parked_values(base, &i, NULL, at);
	return emit_skip(r, &i, NULL, stood_for, e);
}

/* Parks another key before an event leaves: 1 if it was parked, 0, -1. */
static int park_alias(struct pass *r, struct hash other, struct err *e)
{
	int64_t at = snapshot_find(r->base.old, other);
	struct intent i;
	const struct intent *open = state_intent(r->base.known, other, &i);

	if (!may_be_last_sent(&r->base, other, open))
		return 0;
	if (missing_arrived(&r->base, &r->arrived, other) ||
	    parked_now(&r->arrived, other))
		return 0;
	if (parked_park(r, other,
			at < 0 ? slice_of(open->text, open->text_n)
			       : snapshot_text(r->base.old, (size_t)at),
			open, true,
			r->arrived.identity.key ? as_identity : as_type, e) < 0)
		return -1;
	key_set_put(&r->arrived.parked, other, 0);
	return 1;
}

int parked_back(struct pass *r, struct intent *i, int64_t at, struct err *e)
{
	static const char back[] = "the row is as it was delivered";

	(void)parked_version(&r->arrived, i, NULL,
			     snapshot_version(r->base.old, (size_t)at));
	parked_values(&r->base, i, NULL, at);
	return emit_skip(r, i, NULL, back, e);
}

static struct same_identity_of of_run(struct pass *r)
{
	return (struct same_identity_of){
		.identity = &r->arrived.identity,
		.old = r->base.old,
		.known = r->base.known,
		.memory = (r->asked.o->memory + 3) / 4,
		.dir = temp_dir(r->base.known ? r->base.known->dir : NULL),
	};
}

/* Walks over the keys that are the same row to the destination as a key text.
 */
struct alias_walk {
	struct same_identity_of of; /* with --identity */
	struct same_identity_walk same_identity;
	struct retyped_walk retyped;
};

static int alias_begin(struct pass *r, struct alias_walk *w, struct err *e)
{
	*w = (struct alias_walk){0};
	if (!r->arrived.identity.key)
		return 0;
	w->of = of_run(r);
	return same_identity_build(&r->arrived.same_identity, &w->of, e);
}

static bool alias_next(struct pass *r, struct alias_walk *w, struct slice text,
		       struct hash *other)
{
	return r->arrived.identity.key
		       ? same_identity_next(&r->arrived.same_identity, &w->of,
					    &w->same_identity, text, other)
		       : retyped_next(r, &w->retyped, text, other);
}

/* Whether no key is known that a row could share its identity with. */
static bool is_empty(const struct pass_base *base)
{
	return base->old->n == 0 &&
	       (!base->known || base->known->unacked.n == 0);
}

int parked_others(struct pass *r, struct hash key, struct slice text,
		  struct err *e)
{
	struct alias_walk w;
	struct hash other;
	int any = 0, rc;

	if (is_empty(&r->base))
		return 0;
	if (alias_begin(r, &w, e) < 0)
		return -1;
	while (alias_next(r, &w, text, &other)) {
		rc = hash_eq(other, key) ? 0 : park_alias(r, other, e);
		if (rc < 0)
			return -1;
		any |= rc;
	}
	if (any > 0) { /* the key must not be parked because of the others */
		if (park_in_case(r, key, e) < 0)
			return -1;
		key_set_put(&r->arrived.parked, key, 0);
	}
	/* mode mirror counts them as missing keys */
	if (any > 0 && r->asked.mode != PASS_MIRROR)
		r->leaving.retyped++;
	return 0;
}

int parked_missing(struct pass *r, struct hash key, struct slice text,
		   struct err *e)
{
	struct alias_walk w;
	struct hash other;

	if (!r->base.known)
		return 0;
	if (alias_begin(r, &w, e) < 0)
		return -1;
	while (alias_next(r, &w, text, &other)) {
		if (!hash_eq(other, key) &&
		    !missing_arrived(&r->base, &r->arrived, other) &&
		    park_in_case(r, other, e) < 0)
			return -1;
	}
	return 0;
}

/* Whether a row that arrived was sent by this run, or will be sent. */
static bool is_sent(const struct pass_base *base,
		    const struct pass_arrived *arrived, struct hash key,
		    int64_t at)
{
	struct intent i;

	return at < 0 || (arrived->sent[at >> 3] >> (at & 7) & 1) != 0 ||
	       !row_hash_known(snapshot_mark(base->old, (size_t)at)) ||
	       parked_now(arrived, key) ||
	       (base->known && state_intent(base->known, key, &i));
}

/* The unacknowledged change of a row that arrived but was not sent again in
 * this run (--max-changes), into *i; or NULL. The next run would send it under
 * its first id.
 */
static const struct intent *postponed_change(struct pass *r, struct hash key,
					     int64_t at, struct intent *i)
{
	const struct pass_arrived *arrived = &r->arrived;
	const struct intent *open =
		r->base.known ? state_intent(r->base.known, key, i) : NULL;

	if (!open || sends_nothing(open) || r->leaving.quota.waiting == 0 ||
	    parked_now(arrived, key) ||
	    (at >= 0 && (arrived->sent[at >> 3] >> (at & 7) & 1) != 0))
		return NULL;
	return open;
}

/* The rows that arrived and are one row to the destination. */
struct holders {
	int64_t at;  /* position of one that was not sent, or -1 */
	bool sent;   /* one was sent, or will be */
	bool known;  /* and the state has it */
	bool parked; /* one was parked, as its change is postponed */
};

static int examine_holder(struct pass *r, struct hash other, struct holders *h,
			  struct err *e)
{
	const struct snapshot *old = r->base.old;
	int64_t at = snapshot_find(old, other);
	struct intent waiting;
	const struct intent *open = postponed_change(r, other, at, &waiting);

	if (open && h->sent)
		return 0;
	if (open) {
		if (parked_park(r, other, slice_of(open->text, open->text_n),
				open, false, stood_for, e) < 0)
			return -1;
		key_set_put(&r->arrived.parked, other, 0);
		h->parked = true;
		return 0;
	}
	if (at < 0 && r->leaving.quota.waiting > 0)
		return 0; /* a new row: it may be postponed, and never leave */
	if (is_sent(&r->base, &r->arrived, other, at)) {
		h->sent = true;
		h->known = h->known || at >= 0 ||
			   (r->base.known &&
			    state_intent(r->base.known, other, &waiting));
		return park_in_case(r, other, e);
	}
	if (h->at < 0 || slice_order(snapshot_text(old, (size_t)at),
				     snapshot_text(old, (size_t)h->at)) >= 0)
		h->at = at; /* any would do; take always the same one */
	return 0;
}

int parked_holder(struct pass *r, struct hash key, struct slice text,
		  const struct intent *open, struct err *e)
{
	const struct pass_base *base = &r->base;
	struct holders h = {.at = -1};
	struct alias_walk w;
	struct hash other;

	if (!may_be_last_sent(base, key, open) ||
	    (!base->known && !r->arrived.identity.key))
		return 0;
	if (alias_begin(r, &w, e) < 0)
		return -1;
	while (alias_next(r, &w, text, &other)) {
		if (missing_arrived(base, &r->arrived, other) &&
		    examine_holder(r, other, &h, e) < 0)
			return -1;
	}
	if (h.at < 0 || h.parked || h.known)
		return 0;
	other = snapshot_key(base->old, (size_t)h.at);
	if (h.sent) /* a new row: nothing is left if it is refused */
		return park_in_case(r, other, e);
	if (base->known &&
	    parked_park(r, other, snapshot_text(base->old, (size_t)h.at), NULL,
			false, stood_for, e) < 0)
		return -1;
	key_set_put(&r->arrived.parked, other, 0);
	r->leaving.overtaken++;
	return 0;
}

int parked_shares(struct pass *r, const struct intent *i, bool may_be_there,
		  bool *shares, struct err *e)
{
	struct slice text = slice_of(i->text, i->text_n);
	struct alias_walk w;
	struct hash other;

	*shares = may_be_there && r->arrived.identity.again;
	if (*shares || (!may_be_there && is_empty(&r->base)))
		return 0;
	if (alias_begin(r, &w, e) < 0)
		return -1;
	while (!*shares && alias_next(r, &w, text, &other))
		*shares = !hash_eq(other, i->key) &&
			  (may_be_there ||
			   !missing_arrived(&r->base, &r->arrived, other));
	return 0;
}

bool parked_takes_place(struct pass *r, const struct intent *i,
			struct slice *kept)
{
	const struct pass_base *base = &r->base;
	struct retyped_walk w = {0};
	struct hash other;

	if (!base->known || is_empty(base))
		return false;
	while (retyped_next(r, &w, slice_of(i->text, i->text_n), &other)) {
		int64_t at = snapshot_find(base->old, other);
		struct intent x = {0}, values = {0};
		const struct intent *open =
			state_intent(base->known, other, &x);

		if (hash_eq(other, i->key) || (at < 0 && !open) ||
		    missing_arrived(base, &r->arrived, other))
			continue;
		parked_values(base, &values, open, at);
		*kept = slice_of(values.kept, values.kept_n);
		return true;
	}
	return false;
}

int parked_verdict(uint64_t rows, bool has_state, struct err *e)
{
	if (rows == 0)
		return 0;
	if (!has_state)
		return err_set(e, ERR_PARTIAL,
			       "%ju unchanged row%s not in the output, though "
			       "the destination may have the values of another "
			       "row that is missing now; with a state (-s) the "
			       "next run sends %s",
			       (uintmax_t)rows,
			       counts_word(rows, " is", "s are"),
			       counts_word(rows, "it", "them"));
	return err_set(e, ERR_PARTIAL,
		       "%ju row%s sent again by the next run: the destination "
		       "may have the values of another row that is missing now",
		       (uintmax_t)rows, counts_word(rows, " is", "s are"));
}

const struct intent *parked_version(const struct pass_arrived *arrived,
				    struct intent *i, const struct intent *open,
				    uint64_t version)
{
	const struct intent *again = state_version(i, open, version);

	if (!parked_now(arrived, i->key))
		return again;
	if (again) /* above the parking, and not below the snapshot */
		i->version = (uint32_t)(version > again->version
						? version
						: again->version + 1);
	i->version++;
	return NULL;
}
