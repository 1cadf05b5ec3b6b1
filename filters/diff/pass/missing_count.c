/* missing_count.c - counts missing keys for the delete guards, before any is
 * deleted.
 */
#include "diff/pass/missing_parts.h"

#include "diff/pass/retyped.h"
#include "diff/state/absent_runs.h"

/* In how many complete runs in a row a key was missing. Counts this run too,
 * unless the input is in doubt.
 */
static uint32_t runs_absent(const struct pass_base *base,
			    const struct pass_arrived *arrived, struct hash key)
{
	uint32_t n = absent_runs_of(base->old->note[SNAPSHOT_MISSED], key);

	return n + (arrived->blind || n == UINT32_MAX ? 0 : 1);
}

static enum missing_keys_open open_of(const struct pass_base *base,
				      struct hash key)
{
	struct intent i;

	return base->known ? missing_open_of(state_intent(base->known, key, &i))
			   : MISSING_KEYS_ACKNOWLEDGED;
}

bool missing_count_defers(const struct pass *r, struct hash key)
{
	return r->base.known && r->asked.o->delete_after_runs > 1 &&
	       !r->arrived.at_once &&
	       open_of(&r->base, key) != MISSING_KEYS_DELETING &&
	       runs_absent(&r->base, &r->arrived, key) <
		       r->asked.o->delete_after_runs;
}

/* Whether a row that arrived has the identity of a missing key. */
static bool is_held_by_row(struct pass_arrived *arrived, struct slice text)
{
	return arrived->identity.key &&
	       identity_place(&arrived->identity, text) <= IDENTITY_CAME;
}

/* The change in the number of deletes if the key leaves or stays. Keys with one
 * identity have one delete, and only if all of them leave.
 */
static uint64_t deletes_of(struct pass_arrived *arrived, struct slice text,
			   bool leaves)
{
	if (!arrived->identity.key)
		return leaves;
	return (uint64_t)(int64_t)identity_leaves(&arrived->identity, text,
						  leaves);
}

typedef void count_fn(struct pass *r, struct delete_guard_case *c,
		      struct hash key, struct slice text);

static void count_missing(struct pass *r, struct delete_guard_case *c,
			  struct hash key, struct slice text)
{
	c->missing += open_of(&r->base, key) != MISSING_KEYS_DELETING &&
		      retyped_find(r, text) == RETYPED_NOT &&
		      !is_held_by_row(&r->arrived, text);
}

static void count_key(struct pass *r, struct delete_guard_case *c,
		      struct hash key, struct slice text)
{
	uint64_t n;

	if (retyped_find(r, text) != RETYPED_NOT ||
	    is_held_by_row(&r->arrived, text))
		return;
	if (r->base.known && r->asked.o->delete_after_runs > 1 &&
	    runs_absent(&r->base, &r->arrived, key) > 0)
		absent_runs_add(&r->leaving.note[SNAPSHOT_MISSED],
				(struct absent_runs){
					key,
					runs_absent(&r->base, &r->arrived, key),
					false});
	if (missing_count_defers(r, key)) {
		r->leaving.deferred++;
		c->deletes += deletes_of(&r->arrived, text, false);
		return;
	}
	n = deletes_of(&r->arrived, text, true);
	c->deletes += n;
	if (open_of(&r->base, key) == MISSING_KEYS_DELETING)
		c->again += n;
}

/* Calls count for each missing key. */
static int each_missing(struct pass *r, struct delete_guard_case *c,
			count_fn *count, struct err *e)
{
	struct unacked_walk w;
	struct intent x;
	int rc;

	for (size_t i = missing_next(r, 0); i < r->base.old->places;
	     i = missing_next(r, i + 1))
		count(r, c, snapshot_key(r->base.old, i),
		      snapshot_text(r->base.old, i));
	missing_walk_open(&r->base, &w);
	while ((rc = missing_next_open(&r->base, &w, &x, e)) > 0) {
		if (missing_is_orphan(&r->base, &r->arrived, &x))
			count(r, c, x.key, slice_of(x.text, x.text_n));
	}
	return rc;
}

/* Counts all keys that may be at the destination: those of the snapshot, and
 * unacknowledged inserts.
 */
static int count_keys(struct pass *r, struct delete_guard_case *c,
		      struct err *e)
{
	struct unacked_walk w;
	struct intent x;
	int rc;

	c->keys = r->base.old->n;
	missing_walk_open(&r->base, &w);
	while ((rc = missing_next_open(&r->base, &w, &x, e)) > 0) {
		c->keys += snapshot_find(r->base.old, x.key) < 0;
		r->leaving.orphans +=
			missing_is_orphan(&r->base, &r->arrived, &x);
	}
	return rc;
}

static void identity_missing(struct pass *r, struct delete_guard_case *c,
			     struct hash key, struct slice text)
{
	(void)c;
	(void)key;
	identity_gone(&r->arrived.identity, text);
}

/* Finds the identities of missing keys, and which other rows have them. */
static int find_identities(struct pass *r, struct err *e)
{
	if (each_missing(r, NULL, identity_missing, e) < 0)
		return -1;
	for (size_t i = snapshot_live(r->base.old, 0);
	     r->arrived.identity.gone.n > 0 && i < r->base.old->places;
	     i = snapshot_live(r->base.old, i + 1)) {
		if (missing_arrived_at(&r->arrived, i))
			identity_seen(&r->arrived.identity,
				      snapshot_text(r->base.old, i));
	}
	return 0;
}

int missing_count(struct pass *r, struct delete_guard_case *c, struct err *e)
{
	if (count_keys(r, c, e) < 0 ||
	    (r->arrived.identity.key && find_identities(r, e) < 0) ||
	    (c->new_model && each_missing(r, c, count_missing, e) < 0))
		return -1;
	/* a guard judges all missing keys together: if somebody allows the
	 * deletes, none of them is deferred to a later run
	 */
	r->arrived.at_once = r->arrived.blind || delete_guard_is_model(c);
	return each_missing(r, c, count_key, e);
}

void missing_count_open(struct pass_base *base, struct pass_leaving *leaving,
			struct hash key, bool stays)
{
	struct absent_runs m = {
		.key = key,
		.runs = absent_runs_of(base->old->note[SNAPSHOT_MISSED], key),
		.open = stays,
	};

	if (m.runs > 0 || m.open)
		absent_runs_add(&leaving->note[SNAPSHOT_MISSED], m);
}

void missing_count_returned(struct pass *r, bool partial)
{
	struct slice note = r->base.old->note[SNAPSHOT_MISSED];

	for (size_t i = 0; i < absent_runs_n(note); i++) {
		struct absent_runs m = absent_runs_at(note, i);
		int64_t at = snapshot_find(r->base.old, m.key);

		if (at >= 0 &&
		    retyped_find(r, snapshot_text(r->base.old, (size_t)at)) !=
			    RETYPED_NOT)
			continue;
		if (missing_arrived(&r->base, &r->arrived, m.key))
			continue;
		if (partial)
			absent_runs_add(&r->leaving.note[SNAPSHOT_MISSED], m);
		else if (open_of(&r->base, m.key) ==
				 MISSING_KEYS_ACKNOWLEDGED &&
			 m.runs > 0)
			absent_runs_add(
				&r->leaving.note[SNAPSHOT_MISSED],
				(struct absent_runs){m.key, m.runs, false});
	}
}
