#include "diff/run.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/tool.h"
#include "wire/json.h"

enum {
	LAG = 8, /* rows from fetching the index to fetching the entry */
	OUTPUT = 1024 * 1024, /* bytes held until a flush */
};

static const char *const modes[] = {
	[RUN_UPSERT] = "upsert",
	[RUN_MIRROR] = "mirror",
	[RUN_INSERT_ONLY] = "insert-only",
	[RUN_UPDATE_ONLY] = "update-only",
	[RUN_FULL] = "full",
};

/* ---- output ------------------------------------------------------------ */

static int begin_line(struct run *r, struct slice body, struct err *e)
{
	static const char *const ours[] = {"run",   "v",       "key", "mode",
					   "state", "attempt", NULL};
	struct buf *b = writer_buf(r->out);

	r->begun = true;
	control_rewrite(b,
			body.n > 0 ? body : slice_str("{\"type\":\"begin\"}"),
			"changes", ours);
	buf_str(b, ",\"v\":1");
	control_add_text(b, "run", slice_str(r->id));
	buf_str(b, ",\"key\":");
	buf_slice(b, buf_all(&r->key.columns));
	control_add_text(b, "mode", slice_str(modes[r->mode]));
	if (r->state) {
		control_add_text(b, "state", slice_str(r->state->dir));
		control_add_text(b, "attempt", slice_str(r->state->attempt));
	}
	if (r->o->dry_run)
		buf_str(b, ",\"dry_run\":true");
	control_close(b);
	return writer_line(r->out, e);
}

/* A run goes on under its own id until all of it is answered; else the id is
 * that of the producer, or a new one.
 */
void run_choose_id(struct run *r, struct slice given)
{
	struct buf b = {0};

	if (r->known && r->known->resumed)
		buf_slice(&b, r->known->pending.run);
	else if (given.n > 0)
		buf_slice(&b, given);
	else if (getenv("RUDDER_RUN_ID") && *getenv("RUDDER_RUN_ID"))
		buf_str(&b, getenv("RUDDER_RUN_ID"));
	else
		clock_run_id(&b);
	if (b.n >= sizeof(r->id))
		b.n = sizeof(r->id) - 1;
	memcpy(r->id, b.p, b.n);
	r->id[b.n] = '\0';
	buf_clear(&b);
}

/* The intent of a change that is about to leave, durable before it does. */
static int write_ahead(struct run *r, const struct intent *i,
		       const struct intent *again, struct err *e)
{
	if (!r->state)
		return 0;
	if (state_write_ahead(r->state, slice_str(r->id),
			      buf_all(&r->key.columns), e) < 0)
		return -1;
	if (!again)
		pending_add(&r->state->journal, i);
	return 0;
}

static int before_flush(void *ctx, struct err *e)
{
	struct run *r = ctx;

	if (!r->state || !r->state->writing)
		return 0;
	return journal_flush(&r->state->journal, true, e);
}

/* One change: members is what follows `_rudder` in the line, or empty for a
 * delete. again is the intent that is sent once more, as it was, or NULL.
 */
static int change(struct run *r, const struct intent *i,
		  const struct intent *again, struct slice members,
		  struct err *e)
{
	struct slice text = slice_of(i->text, i->text_n);
	struct buf *b = writer_buf(r->out);
	char id[32];

	if (write_ahead(r, i, again, e) < 0)
		return -1;
	pending_hex(pending_id(i, r->seed), id);
	buf_str(b, "{\"_rudder\":{\"type\":\"change\",\"action\":\"");
	buf_str(b, pending_word(i->action));
	buf_str(b, "\",\"id\":");
	key_id(&r->key, b, text);
	buf_str(b, ",\"change\":\"");
	buf_add(b, id, sizeof(id));
	buf_str(b, "\"},");
	if (members.n > 0) {
		buf_slice(b, members);
	} else {
		key_members(&r->key, b, text);
		buf_char(b, '}');
	}
	return writer_line(r->out, e);
}

/* The intent for a key, given what is known of it: the same version as the
 * unanswered one where it says the same, a higher one where it does not.
 */
static const struct intent *settle_version(struct intent *i,
					   const struct intent *open,
					   uint64_t version)
{
	i->version = (uint32_t)version;
	if (!open)
		return NULL;
	if (open->action == i->action && hash_eq(open->row, i->row)) {
		i->version = open->version;
		return open;
	}
	if (open->version >= i->version)
		i->version = open->version + 1;
	return NULL;
}

/* ---- rows -------------------------------------------------------------- */

static int reject(struct run *r, const struct run_row *row, const char *why,
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
		key_id(&r->key, &id,
		       slice_of(r->texts.p + row->text_at, row->text_n));
	note.id = buf_all(&id);
	control_note(writer_buf(r->out), &note);
	buf_clear(&id);
	r->rejects++;
	return writer_line(r->out, e);
}

/* Whether the key was not seen in this run before. */
static bool first_time(struct run *r, struct hash key, int64_t at)
{
	unsigned char bit;

	if (at < 0)
		return keyset_add(&r->fresh, key);
	bit = (unsigned char)(1u << (at & 7));
	if (r->seen[at >> 3] & bit)
		return false;
	r->seen[at >> 3] |= bit;
	return true;
}

static int decide(struct run *r, const struct run_row *row, struct err *e)
{
	static const struct hash unknown; /* see park */
	int64_t at = snapshot_find(r->old, row->key);
	const struct intent *open =
		r->known ? state_intent(r->known, row->key) : NULL;
	const struct intent *again;
	struct intent i = {
		.key = row->key,
		.row = row->hash,
		.text = r->texts.p + row->text_at,
		.text_n = (uint32_t)row->text_n,
		.action = at < 0 ? PENDING_INSERT : PENDING_UPDATE,
	};

	if (UNLIKELY(!first_time(r, row->key, at)))
		return reject(r, row, "duplicate key", e);
	if (at >= 0 && !open && !r->every_row &&
	    hash_eq(r->old->hot[at].row, row->hash)) {
		r->unchanged++;
		return 0;
	}
	/* what may not have arrived is due in every mode */
	if (!open && !(at >= 0 && hash_eq(r->old->hot[at].row, unknown)) &&
	    r->mode == (at < 0 ? RUN_UPDATE_ONLY : RUN_INSERT_ONLY)) {
		r->ignored++;
		return 0;
	}
	again = settle_version(&i, open,
			       at < 0 ? r->old->generation
				      : r->old->cold[at].version);
	if (at < 0)
		r->inserts++;
	else
		r->updates++;
	return change(r, &i, again, row->members, e);
}

static int drain(struct run *r, struct err *e)
{
	for (size_t i = r->n < LAG ? 0 : r->n - LAG; i < r->n; i++)
		snapshot_touch(r->old, r->batch[i].key);
	for (size_t i = 0; i < r->n; i++) {
		if (decide(r, &r->batch[i], e) < 0)
			return -1;
	}
	r->n = 0;
	r->texts.n = 0;
	return 0;
}

static int row(struct run *r, struct err *e)
{
	struct run_row *x = &r->batch[r->n];
	char why[160];
	const char *no_key;

	*x = (struct run_row){
		.line = r->in.line,
		.lineno = input_lineno(&r->in),
		.text_at = r->texts.n,
	};
	no_key = key_of(&r->key, &r->in, &r->texts, why);
	if (UNLIKELY(no_key != NULL)) {
		r->texts.n = x->text_at;
		if (drain(r, e) < 0)
			return -1;
		x->text_n = 0;
		r->unreadable++; /* it may be any that is not there */
		return reject(r, x, no_key, e);
	}
	x->key = hash_bytes(r->texts.p + x->text_at, r->texts.n - x->text_at,
			    r->seed);
	key_as_written(&r->key, &r->in, &r->texts, x->text_at);
	x->text_n = r->texts.n - x->text_at;
	x->members.p = r->in.member[0].key.p - 1;
	x->members.n = (size_t)(x->line.p + x->line.n - x->members.p);
	x->hash = hash_row(r->in.member, r->in.n,
			   columns_skip(&r->columns, &r->in), r->seed,
			   &r->scratch);
	snapshot_touch_index(r->old, x->key);
	if (r->n >= LAG)
		snapshot_touch(r->old, r->batch[r->n - LAG].key);
	return ++r->n < RUN_BATCH ? 0 : drain(r, e);
}

static int bad_line(struct run *r, const char *why, struct err *e)
{
	input_reject(&r->in, writer_buf(r->out), "diff", why);
	r->rejects++;
	r->unreadable++;
	return writer_line(r->out, e);
}

static int pass_on(struct run *r, struct err *e)
{
	buf_slice(writer_buf(r->out), r->in.line);
	return writer_line(r->out, e);
}

static int line(struct run *r, struct err *e)
{
	if (r->in.kind == INPUT_DATA && r->in.control.type == CONTROL_NONE) {
		if (UNLIKELY(!r->begun) && begin_line(r, slice_str(""), e) < 0)
			return -1;
		r->rows++;
		return row(r, e);
	}
	if (drain(r, e) < 0)
		return -1;
	if (r->in.kind == INPUT_BEGIN) {
		if (!r->begun)
			run_choose_id(r, r->in.control.run);
		return r->begun ? 0 : begin_line(r, r->in.control.body, e);
	}
	if (!r->begun && begin_line(r, slice_str(""), e) < 0)
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

static int read_rows(struct run *r, struct err *e)
{
	for (;;) {
		int rc;

		/* the lines of the batch die with the next read(2) */
		if (!reader_ready(r->in.reader) && drain(r, e) < 0)
			return -1;
		rc = input_next(&r->in, e);
		if (rc <= 0)
			return rc;
		if (line(r, e) < 0)
			return -1;
		progress_tick(&r->progress);
	}
}

/* ---- deletes ----------------------------------------------------------- */

static bool was_seen(const struct run *r, size_t i)
{
	return r->seen[i >> 3] >> (i & 7) & 1;
}

static bool came_key(const struct run *r, struct hash key)
{
	int64_t at = snapshot_find(r->old, key);

	return at >= 0 ? was_seen(r, (size_t)at) : keyset_has(&r->fresh, key);
}

static bool came(const struct run *r, struct slice text)
{
	return came_key(r, hash_bytes(text.p, text.n, r->seed));
}

/* Whether a key that is gone came as another type, 7 as "7". Both are one to
 * most destinations: the delete of the old would be that of the new. known
 * says whether the new one was delivered before.
 */
static bool is_retyped(struct run *r, struct slice text, bool *known)
{
	enum { COLUMNS = 4 }; /* looked at: 2^n texts */
	unsigned n = r->key.n < COLUMNS ? (unsigned)r->key.n : COLUMNS;

	for (unsigned columns = 1; r->known && columns < 1u << n; columns++) {
		struct slice other;

		r->scratch.n = 0;
		key_retype(&r->key, &r->scratch, text, columns);
		other = buf_all(&r->scratch);
		if (!came(r, other))
			continue;
		*known = snapshot_find(r->old, hash_bytes(other.p, other.n,
							  r->seed)) >= 0;
		return true;
	}
	return false;
}

/* An insert without an answer whose row is gone: it may have arrived. */
static bool is_orphan(const struct run *r, const struct intent *i)
{
	return state_intent(r->known, i->key) == i &&
	       snapshot_find(r->old, i->key) < 0 &&
	       !keyset_has(&r->fresh, i->key);
}

/* Keys that may be at the destination, and those of them that are gone. */
static void count_keys(struct run *r, struct brake_case *c)
{
	bool known;

	c->keys = r->old->n;
	for (size_t i = 0; i < r->old->n; i++)
		c->deletes += !was_seen(r, i) &&
			      !is_retyped(r, snapshot_text(r->old, i), &known);
	for (size_t i = 0; r->known && i < r->known->pending.n; i++) {
		const struct intent *x = &r->known->pending.intent[i];

		if (!is_orphan(r, x))
			continue;
		c->keys++;
		c->deletes +=
			!is_retyped(r, slice_of(x->text, x->text_n), &known);
	}
}

/* A change of the state alone: it leaves as a skip, whose receipt moves the
 * state as any other.
 */
static int leave_out(struct run *r, const struct intent *i,
		     const struct intent *again, const char *reason,
		     struct err *e)
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

	if (write_ahead(r, i, again, e) < 0)
		return -1;
	pending_hex(pending_id(i, r->seed), id);
	key_id(&r->key, &text, slice_of(i->text, i->text_n));
	note.id = buf_all(&text);
	control_note(writer_buf(r->out), &note);
	buf_clear(&text);
	r->skips++;
	return writer_line(r->out, e);
}

/* A key that was sent and is gone, without a delete: it goes into the state as
 * one of which the row is not known, so that it is sent when it comes back, and
 * deleted by a run that deletes.
 */
static int park(struct run *r, struct hash key, struct slice text,
		const struct intent *open, struct err *e)
{
	int64_t at = snapshot_find(r->old, key);
	const struct intent *again;
	struct intent i = {
		.key = key,
		.text = text.p,
		.text_n = (uint32_t)text.n,
		.action = at < 0 ? PENDING_INSERT : PENDING_UPDATE,
	};

	again = settle_version(&i, open,
			       at < 0 ? r->old->generation
				      : r->old->cold[at].version);
	return leave_out(r, &i, again, "sent before, and gone", e);
}

static int delete_key(struct run *r, struct hash key, struct slice text,
		      uint64_t version, struct err *e)
{
	const struct intent *open =
		r->known ? state_intent(r->known, key) : NULL;
	const struct intent *again;
	struct intent i = {
		.key = key,
		.text = text.p,
		.text_n = (uint32_t)text.n,
		.action = PENDING_DELETE,
	};
	bool known;

	again = settle_version(&i, open, version);
	if (is_retyped(r, text, &known)) {
		/* the old key stands for the new one until that is there */
		r->retyped++;
		if (known)
			return leave_out(r, &i, again,
					 "the key came as another type", e);
		return park(r, key, text, open, e);
	}
	r->deletes++;
	return change(r, &i, again, slice_of(NULL, 0), e);
}

static int send_deletes(struct run *r, struct err *e)
{
	for (size_t i = 0; i < r->old->n; i++) {
		if (!was_seen(r, i) &&
		    delete_key(r, r->old->hot[i].key, snapshot_text(r->old, i),
			       r->old->cold[i].version, e) < 0)
			return -1;
	}
	for (size_t i = 0; r->known && i < r->known->pending.n; i++) {
		const struct intent *x = &r->known->pending.intent[i];

		if (is_orphan(r, x) &&
		    delete_key(r, x->key, slice_of(x->text, x->text_n),
			       x->version, e) < 0)
			return -1;
	}
	return 0;
}

static int park_gone(struct run *r, struct err *e)
{
	for (size_t i = 0; r->known && i < r->known->pending.n; i++) {
		const struct intent *x = &r->known->pending.intent[i];

		if (state_intent(r->known, x->key) == x &&
		    !came_key(r, x->key) &&
		    park(r, x->key, slice_of(x->text, x->text_n), x, e) < 0)
			return -1;
	}
	return 0;
}

/* Whether a key that must come did not. As the texts of "id" do not tell 7
 * from "7", either will do.
 */
static bool canary_gone(const struct run *r)
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

/* Deletes, unless a brake holds them: then *brake says so. */
static int deletes(struct run *r, struct err *brake, struct err *e)
{
	struct brake_case c = {
		.rows = r->rows,
		.unreadable = r->unreadable + r->in.rejects,
		.canary_gone = canary_gone(r),
		.trusted_eof = r->state && !r->in.ended,
		.partial = r->in.partial,
	};

	if (r->mode != RUN_MIRROR)
		return park_gone(r, e);
	count_keys(r, &c);
	if (r->known && brake_holds(&r->brake, &c, brake)) {
		r->held = c.deletes;
		return 0;
	}
	return send_deletes(r, e);
}

/* ---- the run ----------------------------------------------------------- */

static int end_line(struct run *r, struct err *e)
{
	struct buf *b = writer_buf(r->out);

	control_end(b, "changes");
	control_add_count(b, "changes", r->inserts + r->updates + r->deletes);
	control_add_count(b, "rejects", r->rejects + r->in.rejects);
	control_add_count(b, "skips", r->in.skips + r->skips);
	control_add_count(b, "rows", r->rows);
	control_add_count(b, "inserts", r->inserts);
	control_add_count(b, "updates", r->updates);
	control_add_count(b, "deletes", r->deletes);
	control_add_count(b, "unchanged", r->unchanged);
	control_add_count(b, "ignored", r->ignored);
	control_add_count(b, "held", r->held);
	control_close(b);
	return writer_line(r->out, e);
}

static int finish(struct run *r, struct err *brake, struct err *e)
{
	if (r->o->end_from && input_end_from(&r->in, r->o->end_from, e) < 0)
		return -1;
	if (drain(r, e) < 0 || input_complete(&r->in, e) < 0)
		return -1;
	if (!r->begun && begin_line(r, slice_str(""), e) < 0)
		return -1;
	if (deletes(r, brake, e) < 0 || end_line(r, e) < 0)
		return -1;
	return writer_close(r->out, e);
}

/* A new column, or a driver that writes values in another way, changes every
 * row: worth a look before all of them are paid for.
 */
static void warn_of_storm(const struct run *r)
{
	if (r->known && !r->every_row && r->updates > 1000 &&
	    r->updates > r->old->n / 10 * 9)
		tool_warn("%ju of %zu rows have changed: a new column, or "
			  "another way to write values?",
			  (uintmax_t)r->updates, r->old->n);
}

static int verdict(const struct run *r, const struct err *brake, struct err *e)
{
	warn_of_storm(r);
	if (r->retyped > 0)
		tool_warn("%ju keys came as another type (7 as \"7\") and are "
			  "not deleted: to the destination they are one",
			  (uintmax_t)r->retyped);
	tool_summary("%ju rows: %ju inserts, %ju updates, %ju deletes, %ju "
		     "unchanged, %ju rejects",
		     (uintmax_t)r->rows, (uintmax_t)r->inserts,
		     (uintmax_t)r->updates, (uintmax_t)r->deletes,
		     (uintmax_t)r->unchanged, (uintmax_t)r->rejects);
	if (brake->kind) {
		*e = *brake;
		return -1;
	}
	if (r->rejects > 0)
		return err_set(e, ERR_PARTIAL,
			       "%ju of %ju rows refused: no key, a key twice, "
			       "or not a row; see the reject lines",
			       (uintmax_t)r->rejects, (uintmax_t)r->rows);
	return 0;
}

/* The rest of a run that goes wrong: what is finished leaves, without end. */
static void leave(struct run *r)
{
	struct err ignored;

	if (writer_flush(r->out, &ignored) < 0)
		return; /* the first error is the one to tell */
}

int run_all(struct run *r, struct err *e)
{
	const struct progress_count counts[] = {
		{"rows", &r->rows},
		{"inserts", &r->inserts},
		{"updates", &r->updates},
		{"deletes", &r->deletes},
		{"unchanged", &r->unchanged},
		{"ignored", &r->ignored},
		{"rejects", &r->rejects},
		{"held", &r->held},
		{NULL, NULL},
	};
	struct err brake = {0};
	int rc;

	r->seen = mem_zero(r->old->n / 8 + 1);
	progress_init(&r->progress, counts);
	rc = read_rows(r, e);
	if (rc == 0)
		rc = finish(r, &brake, e);
	else if (e->kind != ERR_IO)
		leave(r);
	if (rc < 0 && e->kind == ERR_DATA)
		leave(r);
	progress_end(&r->progress);
	if (rc == 0)
		rc = progress_stats(&r->progress, r->o->stats, e);
	return rc == 0 ? verdict(r, &brake, e) : -1;
}

int run_init(struct run *r, const struct diff_options *o, struct err *e)
{
	/* two files differ by what is gone as well; a sync deletes only
	 * when asked to
	 */
	const char *mode = o->mode ? o->mode : o->state ? "upsert" : "mirror";

	*r = (struct run){.o = o};
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		if (strcmp(mode, modes[i]) == 0) {
			r->mode = (enum run_mode)i;
			r->every_row = o->full || r->mode == RUN_FULL;
			r->columns.compare = o->compare;
			r->columns.ignore = o->ignore;
			return brake_init(&r->brake, o->max_deletes,
					  o->allow_deletes, e);
		}
	}
	return err_set(e, ERR_USAGE,
		       "option '--mode': '%s' is not upsert, mirror, "
		       "insert-only, update-only or full",
		       mode);
}

void run_clear(struct run *r)
{
	input_clear(&r->in);
	writer_free(r->out);
	key_clear(&r->key);
	columns_clear(&r->columns);
	keyset_clear(&r->fresh);
	buf_clear(&r->texts);
	buf_clear(&r->scratch);
	free(r->seen);
}

void run_output(struct run *r, int fd)
{
	r->out = writer_new(fd, OUTPUT);
	writer_before(r->out, before_flush, r);
}
