#include "diff/pass/lines.h"

#include "diff/pass/classify.h"
#include "diff/pass/emit.h"
#include "diff/pass/reread.h"
#include "diff/pass/sorted_files.h"
#include "diff/state/started.h"

/* Fetch what will be asked of the rows of the batch up to this one. */
static void touch(struct pass *r, size_t to)
{
	const struct unacked *w = r->known ? &r->known->unacked : NULL;

	for (size_t i = r->touched; i < to; i++) {
		snapshot_touch(r->old, r->seen, r->batch[i].key);
		new_keys_touch(&r->new_keys, r->batch[i].key);
		if (w)
			unacked_touch(w, r->batch[i].key);
	}
	for (size_t i = r->touched; w && i < to; i++)
		unacked_touch_intent(w, r->batch[i].key);
	r->touched = to;
}

int lines_drain(struct pass *r, struct err *e)
{
	touch(r, r->n);
	for (size_t i = 0; i < r->n; i++) {
		if (classify_row(r, &r->batch[i], e) < 0)
			return -1;
	}
	r->n = r->touched = 0;
	r->texts.n = 0;
	return 0;
}

/* The content of the row by the columns that counted before. */
static uint64_t before(struct pass *r)
{
	const bool *skip = columns_skip(&r->compared.was, &r->in);
	struct hash h =
		hash_row(r->in.member, r->in.n, skip, r->seed, &r->scratch);

	return row_hash_row(tag_mix(h, r->tag.mixed)).hi;
}

static int row(struct pass *r, struct err *e)
{
	struct pass_row *x = &r->batch[r->n];
	char why[160];
	const char *no_key;
	const bool *skip;

	*x = (struct pass_row){
		.line = r->in.line,
		.lineno = r->late_line ? r->late_line : input_lineno(&r->in),
		.text_at = r->texts.n,
	};
	if (key_first(&r->key, &r->in, e) < 0)
		return -1;
	no_key = key_of(&r->key, &r->in, &r->texts, why);
	if (UNLIKELY(no_key != NULL)) {
		r->texts.n = x->text_at;
		if (lines_drain(r, e) < 0)
			return -1;
		x->text_n = 0;
		r->unreadable++; /* it may be any that is not there */
		return emit_reject(r, x, no_key, e) < 0
			       ? -1
			       : key_missed(&r->key, &r->in, e);
	}
	x->key = hash_bytes(r->texts.p + x->text_at, r->texts.n - x->text_at,
			    r->seed);
	key_leaving(&r->key, &r->in, &r->texts, x->text_at);
	x->text_n = r->texts.n - x->text_at;
	x->members.p = r->in.member[0].key.p - 1;
	x->members.n = (size_t)(x->line.p + x->line.n - x->members.p);
	skip = columns_skip(&r->columns, &r->in);
	x->hash = hash_row(r->in.member, r->in.n, skip, r->seed, &r->scratch);
	/* what is compared is in the high half; a change id is of all columns
	 */
	if (skip && r->known)
		x->hash.lo = hash_row(r->in.member, r->in.n, NULL, r->seed,
				      &r->scratch)
				     .lo;
	x->hash = row_hash_row(tag_mix(x->hash, r->tag.mixed));
	if (UNLIKELY(r->compared.again))
		x->was = before(r);
	snapshot_touch_index(r->old, x->key);
	if (++r->n == r->touched + 2 * SNAPSHOT_GROUP)
		touch(r, r->touched + SNAPSHOT_GROUP);
	return r->n < PASS_BATCH ? 0 : lines_drain(r, e);
}

static int bad_line(struct pass *r, const char *why, struct err *e)
{
	input_reject(&r->in, writer_buf(r->out), "diff", why);
	r->rejects++;
	reasons_add(&r->reasons, why, NULL, 1, input_lineno(&r->in));
	r->unreadable++;
	return writer_line(r->out, e);
}

static int pass_on(struct pass *r, struct err *e)
{
	buf_slice(writer_buf(r->out), r->in.line);
	return writer_line(r->out, e);
}

static int line(struct pass *r, struct err *e)
{
	if (r->in.kind == INPUT_DATA && r->in.control.type == CONTROL_NONE) {
		if (UNLIKELY(!r->begun) && emit_begin(r, slice_str(""), e) < 0)
			return -1;
		r->rows++;
		return r->sorted ? sorted_files_row(r, e) : row(r, e);
	}
	if (r->in.kind == INPUT_ABORT)
		return 0;
	if (lines_drain(r, e) < 0)
		return -1;
	if (r->in.kind == INPUT_BEGIN) {
		if (!r->begun && reread_begin(r, e) < 0)
			return -1;
		if (!r->begun && r->known && !r->o->allow_older &&
		    started_check(r->known, buf_all(&r->in.clock), e) < 0)
			return -1;
		if (!r->begun && pass_choose_id(r, r->in.control.run, e) < 0)
			return -1;
		return r->begun ? 0 : emit_begin(r, r->in.control.body, e);
	}
	if (!r->begun && emit_begin(r, slice_str(""), e) < 0)
		return -1;
	switch (r->in.kind) {
	case INPUT_DATA:
		r->rows++;
		return bad_line(r, "a row with the reserved name '_rudder'", e);
	case INPUT_BAD:
		r->rows++;
		return bad_line(r, r->in.why, e);
	case INPUT_END:
		return 0; /* we write our own */
	default:
		return pass_on(r, e);
	}
}

/* The next line, the whole way: as input_next. */
static int next_line(struct pass *r, struct err *e)
{
	int rc = r->ahead == PASS_LINE ? 1 : input_next(&r->in, e);

	if (rc <= 0)
		return rc;
	r->ahead = PASS_NOTHING;
	if (line(r, e) < 0)
		return -1;
	fast_path_read(&r->fast_path, &r->key, &r->in);
	progress_tick(&r->progress);
	return 1;
}

/* Whether the line at hand is that of a row as it was delivered, and is done
 * with.
 */
static ALWAYS_INLINE bool is_known(struct pass *r,
				   const struct fast_path_line *x)
{
	int64_t at = x->guessed ? snapshot_find(r->old, x->key) : -1;
	uint64_t had, has;

	if (at < 0)
		return false;
	had = r->old->hot[at].mark.line;
	has = row_hash_line(&r->marks, x->line);
	if (has != had && r->tag.has_also)
		has ^= r->tag.mixed.lo ^ r->tag.also.lo;
	if (has != had || had == 0 || !classify_known(r, x->key, (size_t)at) ||
	    !input_pass(&r->in, x->line.n))
		return false;
	classify_unchanged(r, x->key, (size_t)at, x->line);
	r->rows++;
	progress_tick(&r->progress);
	return true;
}

/* Lines at a glance, in their order with those that have to be read. As
 * next_line.
 */
static int glance_on(struct pass *r, struct err *e)
{
	size_t n = fast_path_lines(&r->fast_path, r->old, r->seen,
				   input_rest(&r->in));
	const struct fast_path_line *x = r->fast_path.line;
	size_t known = 0;
	int rc = 1;

	if (lines_drain(r, e) < 0)
		return -1;
	for (size_t i = 0; i < n && rc > 0; i++) {
		if (is_known(r, &x[i])) {
			known++;
			continue;
		}
		rc = next_line(r, e);
		if (rc > 0 && lines_drain(r, e) < 0)
			rc = -1;
	}
	fast_path_learn(&r->fast_path, n, known);
	return rc;
}

int lines_read(struct pass *r, struct err *e)
{
	int rc = r->ahead == PASS_END ? 0 : 1;

	if (r->ahead == PASS_LINE)
		rc = next_line(r, e);
	while (rc > 0) {
		/* the lines of the batch die with the next read(2) */
		if (!reader_ready(r->in.reader)) {
			if (lines_drain(r, e) < 0)
				return -1;
			rc = reader_await(r->in.reader, e);
		}
		if (rc > 0)
			rc = fast_path_due(&r->fast_path) ? glance_on(r, e)
							  : next_line(r, e);
	}
	return rc;
}

/* ---- rows that were held ----------------------------------------------- */

static int late_part(struct pass *r, struct spool *late, unsigned part,
		     struct err *e)
{
	struct slice x;
	int rc;

	spool_rewind(late, part);
	while ((rc = spool_next(late, &x, e)) > 0) {
		memcpy(&r->late_line, x.p, sizeof(r->late_line));
		x = slice_of(x.p + sizeof(r->late_line),
			     x.n - sizeof(r->late_line) - 1);
		/* it was read before, and is read again the same */
		r->in.ended = false;
		if (input_take(&r->in, x, false, e) < 0 || row(r, e) < 0 ||
		    lines_drain(r, e) < 0)
			return -1;
	}
	r->late_line = 0;
	return rc;
}

/* Past --memory: with a part of what came at hand, whether a row of it is the
 * first of its kind is no longer in doubt. keep it where anybody will ask later
 * what came.
 */
static int settle_keys(struct pass *r, struct new_keys *came,
		       struct spool *late, bool keep, struct err *e)
{
	for (unsigned p = 0; new_keys_spilled(came) && p < NEW_KEYS_PARTS;
	     p++) {
		bool any = late->n > 0 && !spool_empty(late, p);

		if (!any && !keep)
			continue;
		if (new_keys_settle(came, p, e) < 0 ||
		    (any && late_part(r, late, p, e) < 0) ||
		    new_keys_settled(came, keep, e) < 0)
			return -1;
	}
	return new_keys_close(came, e);
}

int lines_late(struct pass *r, struct err *e)
{
	bool ended = r->in.ended;
	bool must = r->o->require && r->o->require->n > 0;
	/* see missing_keys.c */
	bool keep =
		must || r->old->n > 0 || (r->known && r->known->pending.n > 0);

	if (settle_keys(r, &r->identity.rows, &r->late_rows, must, e) < 0)
		return -1;
	identity_decided(&r->identity);
	if (settle_keys(r, &r->new_keys, &r->late, keep, e) < 0)
		return -1;
	r->in.ended = ended;
	return keep ? identity_close(&r->identity, e) : 0;
}
