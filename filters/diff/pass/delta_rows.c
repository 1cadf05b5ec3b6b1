#include "diff/pass/delta_rows.h"

#include <stdlib.h>

#include "core/mem.h"
#include "diff/keys/key_words.h"
#include "diff/pass/pass.h"
#include "diff/state/base_file.h"

/* With more changed keys than this, all keys of the run stay open. */
enum { LISTED = 10000, LISTED_BYTES = 512 * 1024 };

void delta_rows_clear(struct delta_rows *d)
{
	buf_clear(&d->changed);
	key_set_clear(&d->listed);
	buf_clear(&d->run);
	key_set_clear(&d->orphans);
	free(d->missing);
	d->missing = NULL;
}

/* ---- the begin line ---------------------------------------------------- */

static int check_options(const struct pass_asked *asked,
			 const struct pass_base *base, bool part, struct err *e)
{
	const struct diff_options *o = asked->o;
	const char *name = key_identifies(&asked->key) ? "identity"
			   : o->input.any_counts       ? "any-counts"
			   : o->input.trust_eof        ? "trust-eof"
			   : o->end_from               ? "end-from"
						       : NULL;

	if (!base->known)
		return err_set(e, ERR_USAGE,
			       "rows of rudder-query --delta need a state: -s "
			       "FOLDER");
	if (name)
		return err_names(e, ERR_USAGE,
				 "option '--%s' does not work with rows of "
				 "rudder-query --delta",
				 name);
	if (part && asked->every_row)
		return err_set(e, ERR_USAGE,
			       "%s sends every row, but only changed rows were "
			       "read: use rudder-query --delta-all",
			       asked->mode == PASS_FULL ? "mode full"
							: "--full");
	return 0;
}

/* The base tables were made with the key given to rudder-query. */
static int check_key(const struct pass *r, struct err *e)
{
	struct slice given = buf_all(&r->arrived.in.key);
	const struct key *own = &r->asked.key;
	struct buf theirs = {0}, ours = {0};
	struct key k = {0};
	struct err ignored;
	bool same = key_from_begin(&k, given, &ignored) == 0 && k.n == own->n;

	for (size_t i = 0; same && i < k.n; i++)
		same = slice_eq(k.column[i], own->column[i]);
	key_clear(&k);
	if (same)
		return 0;
	key_words_of(given, &theirs);
	key_words(own, &ours);
	err_names(e, ERR_CONFIG,
		  "rudder-query --delta has %s, and this run %s: give both the "
		  "same -k",
		  buf_cstr(&theirs), buf_cstr(&ours));
	buf_clear(&theirs);
	buf_clear(&ours);
	return -1;
}

/* Everything besides the row that decides whether it counts as changed. */
static void put_way(const struct pass *r, struct buf *b)
{
	const struct columns *c = &r->asked.columns;

	buf_fmt(b, "%s/%s/%s/%.*s/%.*s", pass_mode_word(r->asked.mode),
		c->compare ? c->compare : "", c->ignore ? c->ignore : "",
		SLICE_FMT(r->asked.tag.base),
		SLICE_FMT(buf_all(&r->base.keep.text)));
}

/* Why rows are due that were not read, or NULL. */
static const char *rows_due(const struct pass_asked *asked)
{
	if (asked->tag.full || resend_runs(&asked->resend) ||
	    resend_blocked(&asked->resend) > 0)
		return "every row is due, and only changed rows were read";
	return NULL;
}

static int begin(struct pass *r, const struct delta_begin *d, struct err *e)
{
	struct delta_rows *rows = &r->arrived.delta;
	const struct state *known = r->base.known;
	const char *due = d->all ? NULL : rows_due(&r->asked), *doubt;
	struct buf way = {0};
	int rc;

	put_way(r, &way);
	rc = base_file_begin(known, !r->base.state, d, buf_all(&way), &doubt,
			     e);
	if (rc == 0 && due && r->base.state)
		rc = base_file_void(known, e);
	buf_clear(&way);
	if (rc < 0)
		return -1;
	rows->on = true;
	rows->part = !d->all;
	rows->total = d->total;
	r->leaving.reread = due ? due : doubt;
	rows->settles = !r->leaving.reread;
	buf_slice(&rows->run, d->run);
	return 0;
}

int delta_rows_begin(struct pass *r, struct slice object, struct err *e)
{
	struct delta_begin d;
	int rc;

	if (object.n == 0)
		return r->base.state ? base_file_void(r->base.state, e) : 0;
	if (delta_base_parse_begin(&d, object) < 0)
		rc = err_names(e, ERR_DATA,
			       "the begin line has a wrong 'delta'");
	else if (check_options(&r->asked, &r->base, !d.all, e) < 0 ||
		 check_key(r, e) < 0)
		rc = -1;
	else
		rc = begin(r, &d, e);
	delta_base_clear_begin(&d);
	return rc;
}

/* ---- missing keys ------------------------------------------------------ */

int delta_rows_missing(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	struct delta_rows *d = &arrived->delta;
	size_t from = arrived->texts.n;
	struct intent waiting;
	struct hash key;
	char why[160];
	const char *no_key;
	int64_t at;

	if (!d->part)
		return err_names(e, ERR_DATA,
				 "line %ju: a missing key, but the begin line "
				 "does not name a base to compare with",
				 (uintmax_t)input_lineno(&arrived->in));
	no_key = key_of(&r->asked.key, &arrived->in, &arrived->texts, why);
	if (no_key)
		return err_set(e, ERR_DATA, "line %ju: a missing key: %s",
			       (uintmax_t)input_lineno(&arrived->in), no_key);
	key = hash_bytes(arrived->texts.p + from, arrived->texts.n - from,
			 r->asked.seed);
	arrived->texts.n = from;
	at = snapshot_find(r->base.old, key);
	if (at >= 0) {
		if (!d->missing)
			d->missing = mem_table(r->base.old->places / 8 + 1);
		d->missing[at >> 3] |= (unsigned char)(1 << (at & 7));
	} else if (state_intent(r->base.known, key, &waiting)) {
		key_set_put(&d->orphans, key, 0);
	}
	return 0;
}

int delta_rows_end(struct pass *r, struct err *e)
{
	const struct control_reader *c = r->arrived.in.controls;
	struct delta_rows *d = &r->arrived.delta;
	uint64_t dropped = 0, added = 0, unread = 0, missing;

	if (!d->on)
		return 0;
	(void)control_count(c, "dropped", &dropped);
	(void)control_count(c, "added", &added);
	if (dropped > 0 || added > 0)
		return err_set(e, ERR_DATA,
			       "a filter %s rows of rudder-query --delta, "
			       "which are then not known to be missing: put "
			       "its condition into the model",
			       dropped > 0 ? "dropped" : "added");
	if (control_count(c, "unread", &unread) <= 0 ||
	    control_count(c, "missing", &missing) <= 0)
		return err_set(e, ERR_DATA,
			       "the end line of --delta has no count of "
			       "missing or unread rows");
	/* rejected rows must be read again: all keys of the run stay open */
	d->settles = d->settles && unread == 0 && r->arrived.in.rejects == 0;
	return 0;
}

void delta_rows_apply(struct pass *r)
{
	const struct delta_rows *d = &r->arrived.delta;
	unsigned char *seen = r->arrived.seen;
	size_t n = r->base.old->places / 8 + 1;

	if (!d->part)
		return;
	for (size_t i = 0; i < n; i++)
		seen[i] |= d->missing ? (unsigned char)~d->missing[i] : 0xff;
}

static bool is_full(const struct delta_rows *d)
{
	return d->listed.n > LISTED || d->changed.n > LISTED_BYTES;
}

void delta_rows_changed(struct delta_rows *d, const struct intent *i)
{
	if (is_full(d) || key_set_has(&d->listed, i->key))
		return;
	key_set_put(&d->listed, i->key, 0);
	buf_char(&d->changed, d->changed.n > 0 ? ',' : '[');
	buf_add(&d->changed, i->text, i->text_n);
}

int delta_rows_note(struct pass *r, struct err *e)
{
	struct delta_rows *d = &r->arrived.delta;
	const struct state *known = r->base.known;
	struct unacked_walk w;
	struct intent i;
	int rc = 0;

	if (!d->on || !d->settles || !r->base.state)
		return 0;
	state_walk(known, &w);
	while (!is_full(d) && (rc = state_next(known, &w, &i, e)) > 0)
		delta_rows_changed(d, &i);
	if (rc < 0 || is_full(d) || d->changed.n == 0)
		return rc < 0 ? -1 : 0;
	buf_char(&d->changed, ']');
	return base_file_note(known, buf_all(&d->run), buf_all(&d->changed), e);
}

void delta_rows_show(const struct pass *r, struct buf *b)
{
	const struct delta_rows *d = &r->arrived.delta;

	const struct pass_leaving *leaving = &r->leaving;

	/* keys whose change did not leave get no receipt, and must be read
	 * again
	 */
	if (!d->on || !d->settles || leaving->blocked > 0 ||
	    leaving->deferred > 0 || leaving->overtaken > 0 ||
	    leaving->quota.waiting > 0)
		return;
	control_add_text(b, "base", buf_all(&d->run));
	control_add_count(b, "base_rejects", d->rejects);
}
