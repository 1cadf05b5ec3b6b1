#include "diff/pass/classify.h"

#include "diff/keys/key_types.h"
#include "diff/keys/key_words.h"
#include "diff/pass/emit.h"
#include "diff/pass/parked.h"
#include "diff/pass/retyped.h"

/* Whether the key was seen in this run before. */
static int first_time(struct pass_arrived *arrived, const struct key *columns,
		      const struct intent *i, int64_t at,
		      enum new_keys_answer *answer, struct err *e)
{
	unsigned char bit;

	if (at < 0) {
		if (!arrived->identity.key)
			key_patterns_add(
				&arrived->patterns,
				key_types_strings(
					columns, slice_of(i->text, i->text_n)));
		return new_keys_add(&arrived->new_keys, i->key, answer, e);
	}
	bit = (unsigned char)(1u << (at & 7));
	*answer = arrived->seen[at >> 3] & bit ? NEW_KEYS_SEEN : NEW_KEYS_NEW;
	arrived->seen[at >> 3] |= bit;
	return 0;
}

/* What is asked of the row may have come before: it waits until all that came
 * can be looked at, part by part.
 */
static int hold(struct pass_arrived *arrived, struct spool *late, unsigned part,
		const struct pass_row *row, struct err *e)
{
	struct buf *b;

	if (late->n == 0)
		spool_init(late, arrived->new_keys.dir, NEW_KEYS_PARTS,
			   arrived->new_keys.memory / 16, 0);
	b = spool_record(late, part);
	buf_add(b, &row->lineno, sizeof(row->lineno));
	buf_slice(b, row->line);
	buf_char(b, '\n');
	return spool_add(late, part, e);
}

/* The row as the state will have it, for the sample; was is its update's. */
static inline void sample(struct pass_base *base, struct hash key,
			  struct slice line, uint64_t is, uint64_t was)
{
	if (UNLIKELY(sample_wants(base->sample, key)))
		sample_line(base->sample, key, is, was, line);
}

/* Whether of a row that did not change something is to be kept that is not. A
 * run that goes on finds what it wrote the first time.
 */
static inline bool lacks_values(const struct pass_base *base, size_t at)
{
	if (LIKELY(base->keep.kind == KEPT_VALUES_HASH) || !base->state ||
	    (base->state->resumed && base->state->pending.n_same > 0))
		return false;
	return base->keep.refill ||
	       kept_values_lacks(&base->keep, snapshot_kept(base->old, at));
}

static inline void count_unchanged(struct pass_base *base,
				   struct pass_leaving *leaving,
				   struct hash key, size_t at,
				   struct slice line)
{
	leaving->unchanged++;
	quota_pass(&leaving->quota, key);
	sample(base, key, line, snapshot_mark(base->old, (size_t)at).content,
	       0);
}

/* What is to be kept of a row that did not change is known by its hash. Its key
 * stays as the destination knows it: 1, though the row may write 1.0 by now.
 */
static int unchanged(struct pass *r, const struct pass_row *row, size_t at,
		     struct err *e)
{
	struct pass_base *base = &r->base;
	struct slice text = snapshot_text(base->old, at), kept;
	struct intent i = {
		.key = row->key,
		.row = {.hi = snapshot_mark(base->old, (size_t)at).content},
		.text = text.p,
		.text_n = (uint32_t)text.n,
		.keep_sum = base->keep.sum,
		.action = PENDING_SAME,
	};

	count_unchanged(base, &r->leaving, row->key, at, row->line);
	if (!lacks_values(base, at))
		return 0;
	kept_values_row(&base->keep, row->line);
	kept = kept_values_of(&base->keep, true);
	i.kept = kept.p;
	i.kept_n = (uint32_t)kept.n;
	i.version = snapshot_version(base->old, (size_t)at);
	return emit_same(&r->asked, base, &i, e);
}

/* Whether SAME intents of a run that was not committed are there already. */
static bool has_same(const struct pass_base *base)
{
	return base->state && base->state->resumed &&
	       base->state->pending.n_same > 0;
}

/* Whether a row is the one delivered by the columns that counted before. */
static bool was_delivered(const struct pass_asked *asked, struct row_hash old,
			  const struct pass_row *row)
{
	return asked->compared.again &&
	       (old.content == row->was ||
		resend_explains(&asked->resend, old.content ^ row->was));
}

/* Such a row gets its hash by the columns that count now, under the number of
 * the resend that delivered it.
 */
static int compared_again(struct pass *r, const struct pass_row *row, size_t at,
			  struct err *e)
{
	struct pass_base *base = &r->base;
	struct slice text = snapshot_text(base->old, at), kept;
	uint64_t was = snapshot_mark(base->old, at).content,
		 other = was ^ row->was;
	struct intent i = {
		.key = row->key,
		.row = {.hi = was, .lo = row->hash.hi ^ other},
		.line = other == 0 ? row_hash_line(&r->asked.marks, row->line)
				   : 0,
		.text = text.p,
		.text_n = (uint32_t)text.n,
		.keep_sum = base->keep.sum,
		.version = snapshot_version(base->old, (size_t)at),
		.action = PENDING_SAME,
	};

	r->leaving.unchanged++;
	quota_pass(&r->leaving.quota, row->key);
	sample(base, row->key, row->line, i.row.lo, 0);
	if (has_same(base))
		return 0;
	if (base->keep.kind != KEPT_VALUES_HASH) {
		kept_values_row(&base->keep, row->line);
		kept = kept_values_of(&base->keep, true);
		i.kept = kept.p;
		i.kept_n = (uint32_t)kept.n;
	}
	return emit_same(&r->asked, base, &i, e);
}

/* Whether what the destination holds of a key is what the snapshot has, or
 * what is sent again.
 */
static bool is_certain(const struct intent *open, const struct intent *again)
{
	return !open || (again && !open->older);
}

/* The change of a row leaves, with what is known of the row before. */
static int send_row(struct pass *r, const struct pass_row *row,
		    struct intent *i, const struct intent *open,
		    const struct intent *again, struct err *e)
{
	struct pass_base *base = &r->base;
	struct emit_line l = {
		.intent = i,
		.again = again,
		.members = row->members,
		.doubt =
			i->action == PENDING_INSERT && !is_certain(open, again),
	};
	struct slice kept = slice_of(NULL, 0);
	int64_t at;

	if (UNLIKELY(r->arrived.identity.key != NULL) &&
	    (i->action == PENDING_UPDATE || l.doubt) &&
	    parked_shares(r, i->key, slice_of(i->text, i->text_n), &l.shared,
			  e) < 0)
		return -1;
	if (base->state)
		i->line = row_hash_line(&r->asked.marks, row->line);
	if (LIKELY(base->keep.kind == KEPT_VALUES_HASH))
		return emit_change(r, &l, e);
	at = snapshot_find(base->old, i->key);
	if (at >= 0)
		kept = snapshot_kept(base->old, (size_t)at);
	else if (l.doubt)
		kept = slice_of(open->kept, open->kept_n);
	kept_values_row(&base->keep, row->line);
	r->leaving.names.n = 0;
	if (is_certain(open, again) &&
	    kept_values_changed(&base->keep, kept, r->asked.seed,
				&r->leaving.names))
		l.changed = buf_all(&r->leaving.names);
	l.before = kept_values_object(kept);
	kept = kept_values_of(&base->keep, false);
	i->kept = kept.p;
	i->kept_n = (uint32_t)kept.n;
	i->keep_sum = base->keep.sum;
	return emit_change(r, &l, e);
}

/* Whether the row is the one that was delivered. */
static inline bool is_delivered(const struct pass_asked *asked,
				struct row_hash old, struct hash row)
{
	if (LIKELY(old.content == row_hash_content(&asked->marks, row)) ||
	    resend_explains(&asked->resend, old.content ^ row.hi))
		return true;
	row = tag_mix(tag_mix(row, asked->tag.mixed), asked->tag.also);
	return asked->tag.has_also && old.content == row.hi;
}

static int reject_duplicate(struct pass *r, const struct pass_row *row,
			    struct err *e)
{
	char why[160];

	return emit_reject(r, row, key_words_duplicate(&r->asked.key, why), e);
}

/* A row of which the key has an identity: 1 when it is to be looked up. */
static int identify(struct pass *r, const struct pass_row *row, bool new,
		    struct err *e)
{
	struct identity *d = &r->arrived.identity;
	struct slice text =
		slice_of(r->arrived.texts.p + row->text_at, row->text_n);
	enum new_keys_answer first;
	bool is;

	if (identity_first(d, text, &first, e) < 0)
		return -1;
	if (first == NEW_KEYS_MAYBE)
		return hold(&r->arrived, &r->arrived.late_rows,
			    new_keys_part(identity_row(d, text)), row, e);
	if (first == NEW_KEYS_SEEN)
		return reject_duplicate(r, row, e);
	if (identity_is(d, text, new, &is, e) < 0)
		return -1;
	r->leaving.ignored += !is;
	return is;
}

/* The version of a change of a row. See resend_renews. */
static const struct intent *row_version(const struct pass *r, struct intent *i,
					const struct intent *open, int64_t at)
{
	const struct intent *again = parked_version(
		&r->arrived, i, open,
		at < 0 ? r->base.old->generation
		       : snapshot_version(r->base.old, (size_t)at));

	if (!again || !resend_renews(&r->asked.resend, again))
		return again;
	i->version = again->version + 1;
	return NULL;
}

/* Whether the row was parked by this run, and is as it was delivered. */
static bool is_back(const struct pass *r, const struct pass_row *row,
		    const struct intent *open, int64_t at)
{
	struct row_hash mark;

	if (at < 0 || open || r->asked.every_row ||
	    !parked_now(&r->arrived, row->key))
		return false;
	mark = snapshot_mark(r->base.old, (size_t)at);
	return row_hash_known(mark) && is_delivered(&r->asked, mark, row->hash);
}

/* It is no longer parked, and waits for no turn: where only some of the rows
 * that the destination takes for one may leave in a run (--max-changes), they
 * would else park each other for ever.
 */
static int is_no_change(struct pass *r, const struct pass_row *row,
			struct intent *i, int64_t at, struct err *e)
{
	count_unchanged(&r->base, &r->leaving, row->key, (size_t)at, row->line);
	i->line = row_hash_line(&r->asked.marks, row->line);
	return parked_back(r, i, at, e);
}

/* A row that is not as it was delivered, or may not be. */
static int changed(struct pass *r, const struct pass_row *row, struct intent *i,
		   const struct intent *open, bool parked, int64_t at,
		   struct err *e)
{
	struct pass_base *base = &r->base;
	struct pass_leaving *leaving = &r->leaving;
	const struct intent *again;

	/* what may not have arrived is due in every mode */
	if (!open && !parked &&
	    r->asked.mode == (at < 0 ? PASS_UPDATE_ONLY : PASS_INSERT_ONLY)) {
		leaving->ignored++;
		leaving->retyped +=
			at < 0 &&
			retyped_known(r, slice_of(i->text, i->text_n));
		quota_pass(&leaving->quota, row->key);
		return 0;
	}
	if (leaving->quota.limit > 0 && is_back(r, row, open, at))
		return is_no_change(r, row, i, at, e);
	if (!quota_take(&leaving->quota, row->key))
		return 0;
	if ((at < 0 || parked || open) && base->known &&
	    parked_others(r, i->key, slice_of(i->text, i->text_n), e) < 0)
		return -1;
	again = row_version(r, i, open, at);
	if (i->action == PENDING_INSERT)
		leaving->inserts++;
	else
		leaving->updates++;
	if (at >= 0)
		r->arrived.sent[at >> 3] |= (unsigned char)(1u << (at & 7));
	sample(base, row->key, row->line, i->row.hi,
	       at < 0 ? 0 : snapshot_mark(base->old, (size_t)at).content);
	return send_row(r, row, i, open, again, e);
}

int classify_row(struct pass *r, const struct pass_row *row, struct err *e)
{
	const struct pass_base *base = &r->base;
	int64_t at = snapshot_find(base->old, row->key);
	struct intent waits;
	const struct intent *open =
		base->known ? state_intent(base->known, row->key, &waits)
			    : NULL;
	enum new_keys_answer before;
	bool parked = parked_now(&r->arrived, row->key) ||
		      (at >= 0 &&
		       !row_hash_known(snapshot_mark(base->old, (size_t)at)));
	struct intent i = {
		.key = row->key,
		.row = row->hash,
		.text = r->arrived.texts.p + row->text_at,
		.text_n = (uint32_t)row->text_n,
		.action = at < 0 ? PENDING_INSERT : PENDING_UPDATE,
	};

	if (UNLIKELY(r->arrived.identity.key != NULL)) {
		int rc = identify(r, row, at < 0, e);

		if (rc <= 0)
			return rc;
	}
	if (first_time(&r->arrived, &r->asked.key, &i, at, &before, e) < 0)
		return -1;
	if (UNLIKELY(before != NEW_KEYS_NEW))
		return before == NEW_KEYS_MAYBE
			       ? hold(&r->arrived, &r->arrived.late,
				      new_keys_part(row->key), row, e)
			       : reject_duplicate(r, row, e);
	if (at >= 0 && !open && !parked && !r->asked.every_row &&
	    is_delivered(&r->asked, snapshot_mark(base->old, (size_t)at),
			 row->hash))
		return unchanged(r, row, (size_t)at, e);
	if (at >= 0 && !open && !parked && !r->asked.every_row &&
	    was_delivered(&r->asked, snapshot_mark(base->old, (size_t)at), row))
		return compared_again(r, row, (size_t)at, e);
	return changed(r, row, &i, open, parked, at, e);
}

bool classify_known(const struct pass_base *base,
		    const struct pass_arrived *arrived, struct hash key,
		    size_t at)
{
	struct intent open;

	return (arrived->seen[at >> 3] >> (at & 7) & 1) == 0 &&
	       !parked_now(arrived, key) && !lacks_values(base, at) &&
	       !(base->known && state_intent(base->known, key, &open));
}

void classify_unchanged(struct pass *r, struct hash key, size_t at,
			struct slice line)
{
	r->arrived.seen[at >> 3] |= (unsigned char)(1u << (at & 7));
	count_unchanged(&r->base, &r->leaving, key, at, line);
}
