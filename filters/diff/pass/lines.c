#include "diff/pass/lines.h"

#include "diff/pass/classify.h"
#include "diff/pass/emit.h"
#include "diff/pass/reread.h"
#include "diff/pass/sorted_files.h"
#include "diff/state/started.h"

/* Prefetches what classify_row needs for the rows of the batch up to `to`. */
static void prefetch_rows(struct pass_base *base, struct pass_arrived *arrived,
			  size_t to)
{
	const struct unacked *w = base->known ? &base->known->unacked : NULL;

	for (size_t i = arrived->touched; i < to; i++) {
		snapshot_touch(base->old, arrived->seen, arrived->batch[i].key);
		new_keys_touch(&arrived->new_keys, arrived->batch[i].key);
		if (w)
			unacked_touch(w, arrived->batch[i].key);
	}
	for (size_t i = arrived->touched; w && i < to; i++)
		unacked_touch_intent(w, arrived->batch[i].key);
	arrived->touched = to;
}

int lines_drain(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;

	prefetch_rows(&r->base, arrived, arrived->n);
	for (size_t i = 0; i < arrived->n; i++) {
		if (classify_row(r, &arrived->batch[i], e) < 0)
			return -1;
	}
	arrived->n = arrived->touched = 0;
	arrived->texts.n = 0;
	return 0;
}

/* The content hash of the row for the columns compared before. */
static uint64_t before(struct pass_asked *asked, struct pass_arrived *arrived)
{
	const bool *skip = columns_skip(&asked->compared.was, &arrived->in);
	struct hash h = hash_row(arrived->in.member, arrived->in.n, skip,
				 asked->seed, &arrived->scratch);

	return row_hash_row(tag_mix(h, asked->tag.mixed)).hi;
}

/* A row without a key could be of any missing key. */
static NO_INLINE void keyless(struct pass_arrived *arrived, uint64_t line,
			      const char *why)
{
	arrived->unreadable++;
	if (arrived->keyless++ > 0)
		return;
	buf_str(&arrived->no_key, why);
	arrived->keyless_line = line;
}

/* The hash of the current row: the high half of the compared columns, the low
 * half of all columns, for the change id.
 */
static struct hash hash_of(struct pass *r)
{
	struct pass_arrived *arrived = &r->arrived;
	const struct input *in = &arrived->in;
	const bool *skip = columns_skip(&r->asked.columns, in);
	struct hash h, all;

	if (!skip || !r->base.known)
		return hash_row(in->member, in->n, skip, r->asked.seed,
				&arrived->scratch);
	h = hash_row_and_all(in->member, in->n, skip, r->asked.seed,
			     &arrived->scratch, &all);
	h.lo = all.lo;
	return h;
}

static int row(struct pass *r, struct err *e)
{
	struct pass_asked *asked = &r->asked;
	struct pass_arrived *arrived = &r->arrived;
	struct pass_row *x = &arrived->batch[arrived->n];
	char why[160];
	const char *no_key;

	*x = (struct pass_row){
		.line = arrived->in.line,
		.lineno = arrived->late_line ? arrived->late_line
					     : input_lineno(&arrived->in),
		.text_at = arrived->texts.n,
	};
	if (key_first(&asked->key, &arrived->in, e) < 0)
		return -1;
	no_key = key_of(&asked->key, &arrived->in, &arrived->texts, why);
	if (UNLIKELY(no_key != NULL)) {
		arrived->texts.n = x->text_at;
		if (lines_drain(r, e) < 0)
			return -1;
		x->text_n = 0;
		keyless(arrived, x->lineno, no_key);
		return emit_reject(r, x, no_key, e) < 0
			       ? -1
			       : key_missed(&asked->key, &arrived->in, e);
	}
	x->key = hash_bytes(arrived->texts.p + x->text_at,
			    arrived->texts.n - x->text_at, asked->seed);
	key_leaving(&asked->key, &arrived->in, &arrived->texts, x->text_at);
	x->text_n = arrived->texts.n - x->text_at;
	x->members.p = arrived->in.member[0].key.p - 1;
	x->members.n = (size_t)(x->line.p + x->line.n - x->members.p);
	x->hash = row_hash_row(tag_mix(hash_of(r), asked->tag.mixed));
	if (UNLIKELY(asked->compared.again && r->base.old->n > 0))
		x->was = before(asked, arrived);
	snapshot_touch_index(r->base.old, x->key);
	if (++arrived->n == arrived->touched + 2 * SNAPSHOT_GROUP)
		prefetch_rows(&r->base, arrived,
			      arrived->touched + SNAPSHOT_GROUP);
	return arrived->n < PASS_BATCH ? 0 : lines_drain(r, e);
}

static int bad_line(struct pass_arrived *arrived, struct pass_leaving *leaving,
		    const char *why, struct err *e)
{
	input_reject(&arrived->in, writer_buf(leaving->out), "diff", why);
	leaving->rejects++;
	reasons_add(&leaving->reasons, why, NULL, 1,
		    input_lineno(&arrived->in));
	arrived->unreadable++;
	if (arrived->bad_line == 0)
		arrived->bad_line = input_lineno(&arrived->in);
	return writer_line(leaving->out, e);
}

static int pass_on(struct pass_arrived *arrived, struct pass_leaving *leaving,
		   struct err *e)
{
	buf_slice(writer_buf(leaving->out), arrived->in.line);
	return writer_line(leaving->out, e);
}

/* A begin line after data comes too late and is ignored. */
static int begin_line(struct pass *r, struct err *e)
{
	const struct input *in = &r->arrived.in;

	if (r->leaving.begun)
		return 0;
	if (reread_begin(&r->asked, &r->arrived, e) < 0)
		return -1;
	/* with --delta the base does this, see base_file.h */
	if (r->base.known && !r->asked.o->allow_older && in->delta.n == 0 &&
	    started_check(r->base.known, buf_all(&in->clock), e) < 0)
		return -1;
	if (pass_choose_id(&r->asked, &r->base, in->control.run, e) < 0)
		return -1;
	return emit_begin(r, in->control.body, e);
}

static int line(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	struct pass_leaving *leaving = &r->leaving;

	if (arrived->in.kind == INPUT_DATA &&
	    arrived->in.control.type == CONTROL_NONE) {
		if (UNLIKELY(!leaving->begun) &&
		    emit_begin(r, slice_str(""), e) < 0)
			return -1;
		arrived->rows++;
		return arrived->sorted ? sorted_files_row(r, e) : row(r, e);
	}
	if (arrived->in.kind == INPUT_ABORT)
		return 0;
	if (lines_drain(r, e) < 0)
		return -1;
	if (arrived->in.kind == INPUT_BEGIN)
		return begin_line(r, e);
	if (!leaving->begun && emit_begin(r, slice_str(""), e) < 0)
		return -1;
	switch (arrived->in.kind) {
	case INPUT_DATA:
		arrived->rows++;
		return bad_line(
			arrived, leaving,
			"the row has a member '_rudder'; this name is reserved",
			e);
	case INPUT_BAD:
		arrived->rows++;
		return bad_line(arrived, leaving, arrived->in.why, e);
	case INPUT_END:
		return delta_rows_end(r, e); /* this stage writes its own */
	case INPUT_OTHER:
		return arrived->in.control.type == CONTROL_MISSING
			       ? delta_rows_missing(r, e)
			       : pass_on(arrived, leaving, e);
	default:
		return pass_on(arrived, leaving, e);
	}
}

/* Handles the current line: 1, -1. */
static int this_line(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;

	arrived->ahead = PASS_NOTHING;
	if (line(r, e) < 0)
		return -1;
	fast_path_read(&arrived->fast_path, &r->asked.key, &arrived->in);
	progress_tick(&r->leaving.progress);
	return 1;
}

/* Reads and parses the next line: as input_next. */
static int next_line(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	int rc = arrived->ahead == PASS_LINE ? 1 : input_next(&arrived->in, e);

	return rc > 0 ? this_line(r, e) : rc;
}

/* Whether the line is that of an unchanged row, which is then done. */
static ALWAYS_INLINE bool is_known(struct pass *r,
				   const struct fast_path_line *x)
{
	int64_t at = x->guessed ? snapshot_find(r->base.old, x->key) : -1;
	uint64_t had, has;

	if (at < 0)
		return false;
	had = snapshot_mark(r->base.old, (size_t)at).line;
	has = row_hash_line(&r->asked.marks, x->line);
	if (has != had && r->asked.tag.has_also)
		has ^= r->asked.tag.mixed.lo ^ r->asked.tag.also.lo;
	if (has != had || had == 0 ||
	    !classify_known(&r->base, &r->arrived, x->key, (size_t)at) ||
	    !input_pass(&r->arrived.in, x->line.n))
		return false;
	classify_unchanged(r, x->key, (size_t)at, x->line);
	r->arrived.rows++;
	progress_tick(&r->leaving.progress);
	return true;
}

/* Tries the fast path on some lines; parses the others, in their order. Returns
 * as next_line.
 */
static int try_fast_path(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	size_t n = fast_path_lines(&arrived->fast_path, r->base.old,
				   arrived->seen, input_rest(&arrived->in));
	const struct fast_path_line *x = arrived->fast_path.line;
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
	fast_path_learn(&arrived->fast_path, n, known);
	return rc;
}

/* If many rows are looked up in a large state, checks and indexes all of it. */
static int prepare(struct pass *r, struct err *e)
{
	const struct pass_base *base = &r->base;

	if (LIKELY(base->old->index != NULL) || !base->known ||
	    state_is_few(base->old, r->arrived.rows))
		return 0;
	return snapshot_whole(&base->known->snapshot, e);
}

/* As next_line, if the line may have to be read first. Lines of the batch are
 * decided first: they are overwritten by the next read(2).
 */
static int await_line(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	int rc = 1;

	if (!reader_ready(arrived->in.reader)) {
		if (lines_drain(r, e) < 0)
			return -1;
		rc = reader_await(arrived->in.reader, e);
	}
	if (rc <= 0)
		return rc;
	return fast_path_due(&arrived->fast_path) ? try_fast_path(r, e)
						  : next_line(r, e);
}

int lines_read(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	int rc = arrived->ahead == PASS_END ? 0 : 1;

	if (arrived->ahead == PASS_LINE)
		rc = next_line(r, e);
	while (rc > 0) {
		if (prepare(r, e) < 0)
			return -1;
		rc = fast_path_due(&arrived->fast_path)
			     ? 0
			     : input_at_hand(&arrived->in, e);
		if (rc == 0)
			rc = await_line(r, e);
		else if (rc > 0)
			rc = this_line(r, e);
	}
	return rc;
}

/* ---- rows that were put aside -------------------------------------------- */

static int late_part(struct pass *r, struct spool *late, unsigned part,
		     struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	struct slice x;
	int rc;

	spool_rewind(late, part);
	while ((rc = spool_next(late, &x, e)) > 0) {
		memcpy(&arrived->late_line, x.p, sizeof(arrived->late_line));
		x = slice_of(x.p + sizeof(arrived->late_line),
			     x.n - sizeof(arrived->late_line) - 1);
		/* the input has ended, but this row is parsed again */
		arrived->in.ended = false;
		if (input_take(&arrived->in, x, false, e) < 0 ||
		    row(r, e) < 0 || lines_drain(r, e) < 0)
			return -1;
	}
	arrived->late_line = 0;
	return rc;
}

/* When --memory was exceeded: loads the keys that arrived part by part, and
 * decides about the rows that were put aside. keep: the keys are needed
 * afterwards, to find out which arrived.
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
	struct pass_arrived *arrived = &r->arrived;
	bool ended = arrived->in.ended;
	bool must = r->asked.o->require && r->asked.o->require->n > 0;
	/* missing_keys.c then asks which keys arrived */
	bool keep = must || r->base.old->n > 0 ||
		    (r->base.known && r->base.known->pending.n > 0);

	if (settle_keys(r, &arrived->identity.rows, &arrived->late_rows, must,
			e) < 0)
		return -1;
	identity_decided(&arrived->identity);
	if (settle_keys(r, &arrived->new_keys, &arrived->late, keep, e) < 0)
		return -1;
	arrived->in.ended = ended;
	return keep ? identity_close(&arrived->identity, e) : 0;
}
