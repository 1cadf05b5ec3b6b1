#include "diff/pass/classify.h"

#include "diff/keys/key_types.h"
#include "diff/keys/key_words.h"
#include "diff/pass/emit.h"
#include "diff/pass/parked.h"
#include "diff/pass/retyped.h"

/* Marks the key as seen; *answer: whether it was seen before in this run. */
static int mark_seen(struct pass_arrived *arrived, const struct key *columns,
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

/* Puts a row aside whose key may be a duplicate, until all rows have arrived
 * and can be compared part by part.
 */
static int put_aside(struct pass_arrived *arrived, struct spool *late,
		     unsigned part, const struct pass_row *row, struct err *e)
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

/* Gives the row to the sample; is and was are its content now and before. */
static inline void sample(struct pass_base *base, struct hash key,
			  struct slice line, uint64_t is, uint64_t was)
{
	if (UNLIKELY(sample_wants(base->sample, key)))
		sample_line(base->sample, key, is, was, line);
}

/* Whether the state lacks values of an unchanged row that --keep asks for. A
 * resumed run has already written what it found the first time.
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

/* The hash proves that the values of an unchanged row are those that were
 * delivered, so they can be kept. The key keeps its old text, as the
 * destination knows it: 1, even if the row has 1.0 now.
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

/* Whether an uncommitted run has already written PENDING_SAME intents. */
static bool has_same(const struct pass_base *base)
{
	return base->state && base->state->resumed &&
	       base->state->pending.n_same > 0;
}

/* Whether the row was delivered, judged by the columns compared before. */
static bool was_delivered(const struct pass_asked *asked, struct row_hash old,
			  const struct pass_row *row)
{
	return asked->compared.again &&
	       (old.content == row->was ||
		resend_explains(&asked->resend, old.content ^ row->was));
}

/* Such a row gets its hash for the columns compared now. If an earlier resend
 * delivered it, the new hash has the number of that resend too.
 */
static int rehash_unchanged(struct pass *r, const struct pass_row *row,
			    size_t at, struct err *e)
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

/* Whether it is certain what the destination holds of a key: either what the
 * snapshot has, or what is sent again now.
 */
static bool is_row_certain(const struct intent *open,
			   const struct intent *again)
{
	return !open || (again && !open->older);
}

/* A change that is sent again under its first id keeps its intent, which has
 * the values of an earlier --keep. Those of this one are recorded beside it.
 */
static int keep_again(struct pass *r, const struct intent *i,
		      const struct intent *again, struct err *e)
{
	struct intent same = *i;

	if (!r->base.state || again->keep_sum == i->keep_sum ||
	    has_same(&r->base))
		return 0;
	same.row.lo = 0;
	same.line = 0;
	same.action = PENDING_SAME;
	return emit_same(&r->asked, &r->base, &same, e);
}

/* Sends a row, with what is known of the row before. */
static int send_row(struct pass *r, const struct pass_row *row,
		    struct intent *i, const struct intent *open,
		    const struct intent *again, struct err *e)
{
	struct pass_base *base = &r->base;
	struct emit_line l = {
		.intent = i,
		.again = again,
		.members = row->members,
	};
	struct slice kept = slice_of(NULL, 0);
	bool certain = is_row_certain(open, again);
	int64_t at;

	if (i->action == PENDING_INSERT)
		l.doubt = !certain || (r->asked.mode == PASS_MIRROR &&
				       parked_takes_place(r, i, &kept));
	if (UNLIKELY(r->arrived.identity.key != NULL) &&
	    parked_shares(r, i, i->action == PENDING_UPDATE || l.doubt,
			  &l.shared, e) < 0)
		return -1;
	if (base->state)
		i->line = row_hash_line(&r->asked.marks, row->line);
	if (LIKELY(base->keep.kind == KEPT_VALUES_HASH))
		return emit_change(r, &l, e);
	at = snapshot_find(base->old, i->key);
	if (at >= 0)
		kept = snapshot_kept(base->old, (size_t)at);
	else if (l.doubt && !certain)
		kept = slice_of(open->kept, open->kept_n);
	kept_values_row(&base->keep, row->line);
	r->leaving.names.n = 0;
	if (certain && !l.doubt &&
	    kept_values_changed(&base->keep, kept, r->asked.seed,
				&r->leaving.names))
		l.changed = buf_all(&r->leaving.names);
	l.before = kept_values_object(kept);
	kept = kept_values_of(&base->keep, false);
	i->kept = kept.p;
	i->kept_n = (uint32_t)kept.n;
	i->keep_sum = base->keep.sum;
	if (emit_change(r, &l, e) < 0)
		return -1;
	return again ? keep_again(r, i, again, e) : 0;
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

/* Checks a row with --identity: 1 if it must be looked up. */
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
		return put_aside(&r->arrived, &r->arrived.late_rows,
				 new_keys_part(identity_row(d, text)), row, e);
	if (first == NEW_KEYS_SEEN)
		return reject_duplicate(r, row, e);
	if (identity_is(d, text, new, &is, e) < 0)
		return -1;
	r->leaving.ignored += !is;
	return is;
}

/* The version of a row's change. See resend_renews for the exception. */
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

/* Whether this run has parked the row, which is as it was delivered. */
static bool is_parked_unchanged(const struct pass *r,
				const struct pass_row *row,
				const struct intent *open, int64_t at)
{
	struct row_hash mark;

	if (at < 0 || open || r->asked.every_row ||
	    !parked_now(&r->arrived, row->key))
		return false;
	mark = snapshot_mark(r->base.old, (size_t)at);
	return row_hash_known(mark) && is_delivered(&r->asked, mark, row->hash);
}

/* Ends the parking of such a row without using a turn of --max-changes. If only
 * some of the rows that are one to the destination may leave in a run, they
 * would otherwise park each other for ever.
 */
static int unpark_unchanged(struct pass *r, const struct pass_row *row,
			    struct intent *i, int64_t at, struct err *e)
{
	count_unchanged(&r->base, &r->leaving, row->key, (size_t)at, row->line);
	i->line = row_hash_line(&r->asked.marks, row->line);
	return parked_back(r, i, at, e);
}

/* A row that differs from the delivered one, or may differ. */
static int changed(struct pass *r, const struct pass_row *row, struct intent *i,
		   const struct intent *open, bool parked, int64_t at,
		   struct err *e)
{
	struct pass_base *base = &r->base;
	struct pass_leaving *leaving = &r->leaving;
	const struct intent *again;

	/* a row that may not have arrived is due in every mode */
	if (!open && !parked &&
	    r->asked.mode == (at < 0 ? PASS_UPDATE_ONLY : PASS_INSERT_ONLY)) {
		leaving->ignored++;
		leaving->retyped +=
			at < 0 &&
			retyped_known(r, slice_of(i->text, i->text_n));
		quota_pass(&leaving->quota, row->key);
		return 0;
	}
	if (leaving->quota.limit > 0 && is_parked_unchanged(r, row, open, at))
		return unpark_unchanged(r, row, i, at, e);
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
	if (mark_seen(&r->arrived, &r->asked.key, &i, at, &before, e) < 0)
		return -1;
	if (UNLIKELY(before != NEW_KEYS_NEW))
		return before == NEW_KEYS_MAYBE
			       ? put_aside(&r->arrived, &r->arrived.late,
					   new_keys_part(row->key), row, e)
			       : reject_duplicate(r, row, e);
	if (at >= 0 && !open && !parked && !r->asked.every_row &&
	    is_delivered(&r->asked, snapshot_mark(base->old, (size_t)at),
			 row->hash))
		return unchanged(r, row, (size_t)at, e);
	if (at >= 0 && !open && !parked && !r->asked.every_row &&
	    was_delivered(&r->asked, snapshot_mark(base->old, (size_t)at), row))
		return rehash_unchanged(r, row, (size_t)at, e);
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
