#include "diff/state/apply_notes.h"

#include "diff/state/state_connection.h"

/* The notes of --max-changes count whatever happens to the changes (quota.h).
 */
static bool is_quota_note(size_t note)
{
	return note == SNAPSHOT_PROMISED || note == SNAPSHOT_HAND ||
	       note == SNAPSHOT_POSTPONED;
}

/* So does a resend that --full began: rows that it did not reach are still due.
 */
static bool note_owed(struct snapshot *old, const struct state *s)
{
	const struct pending *p = &s->pending;
	struct slice *note = &old->note[SNAPSHOT_OWED];

	if (p->owed <= snapshot_note_number(*note) ||
	    (s->dry_run && p->owed_at > p->mark))
		return false;
	*note = slice_of((const char *)&p->owed, sizeof(p->owed));
	return true;
}

/* Whether a note takes effect although not all receipts of its run were seen.
 * A --keep that keeps more does: otherwise the rows that were delivered would
 * lose values that their deletes need.
 */
static bool is_early_note(const struct apply_rules *t, size_t note)
{
	return is_quota_note(note) ||
	       (note == SNAPSHOT_KEEP &&
		kept_values_covers(t->s->pending.note[note],
				   t->old->note[note]));
}

int apply_notes(struct apply_rules *t, bool *any, struct err *e)
{
	const struct pending *p = &t->s->pending;
	bool was_due = t->old->note[SNAPSHOT_RESEND].n > 0;
	struct slice noted = t->old->note[SNAPSHOT_KEEP];
	struct kept_values_options o = {.what = NULL};
	struct buf what = {0};
	int rc = 0;

	*any = note_owed(t->old, t->s);
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++) {
		if (!p->has_note[i] || !(t->complete || is_early_note(t, i)))
			continue;
		t->old->note[i] = p->note[i];
		/* a sample alone is not worth a new snapshot */
		*any = *any || i != SNAPSHOT_SAMPLE;
	}
	if (t->s->connection)
		state_connection_note(t->s->connection, t->old,
				      t->complete &&
					      p->has_note[SNAPSHOT_RESENT],
				      was_due, any);
	buf_slice(&what, t->old->note[SNAPSHOT_KEEP]);
	o.what = what.n > 0 ? buf_cstr(&what) : "hash";
	if (t->s->columns.n > 0)
		rc = key_from_json(&t->key, t->s->columns, e);
	if (rc == 0)
		rc = kept_values_init(&t->keep, &o, noted, &t->key, e);
	if (rc < 0) /* the value is from the state, not typed */
		e->kind = ERR_CONFIG;
	t->keep.o.what = NULL;
	buf_clear(&what);
	return rc;
}
