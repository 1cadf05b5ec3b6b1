#include "map/deletes.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/opt.h"
#include "map/event/require.h"
#include "map/parts.h"
#include "map/row_event.h"
#include "map/settings/event_type.h"
#include "wire/settings/doc.h"

enum { KEY_MOST = 16 }; /* maximum number of key columns to suggest from */

/* ---- the begin line --------------------------------------------------- */

/* Appends the strings of an array to b, each followed by NUL. */
static void add_names(struct buf *b, const struct doc *array)
{
	const struct doc *i = array->kind == SCAN_ARRAY ? array->first : NULL;

	for (; i; i = i->next) {
		if (i->kind == SCAN_STRING)
			buf_add(b, i->text, strlen(i->text) + 1);
	}
}

static struct doc *member(const struct control_reader *begin, const char *name)
{
	struct slice text = control_member(begin, name);
	struct doc *d;
	struct err ignored;

	if (text.n == 0 || doc_parse(&d, text, &ignored) < 0)
		return NULL;
	return d;
}

static void take(struct deletes *d, const struct control *c,
		 const struct control_reader *begin)
{
	struct doc *key = member(begin, "key"),
		   *identity = member(begin, "identity"),
		   *keep = member(begin, "keep");

	deletes_clear(d);
	d->mirror = slice_is(control_member(begin, "mode"), "\"mirror\"");
	d->stateful = c->state.n > 0 ||
		      slice_is(control_member(begin, "dry_run"), "true");
	if (key)
		add_names(&d->key, key);
	d->known = d->key.n > 0;
	if (identity)
		add_names(&d->key, identity);
	if (keep)
		add_names(&d->patterns, keep);
	d->whole = keep && keep->kind == SCAN_STRING &&
		   strcmp(keep->text, "row") == 0;
	doc_free(key);
	doc_free(identity);
	doc_free(keep);
}

bool deletes_is_key(const struct deletes *d, struct slice name)
{
	for (size_t at = 0; at < d->key.n; at += strlen(d->key.p + at) + 1) {
		if (slice_is(name, d->key.p + at))
			return true;
	}
	return false;
}

/* Whether deletes have this column. */
static bool in_deletes(const struct deletes *d, const char *name)
{
	const struct buf *b = &d->patterns;

	if (d->whole || deletes_is_key(d, slice_str(name)))
		return true;
	for (size_t at = 0; at < b->n; at += strlen(b->p + at) + 1) {
		if (fnmatch(b->p + at, name, 0) == 0)
			return true;
	}
	return false;
}

/* ---- whether the mappings can delete ---------------------------------- */

/* Prepends the number of the mapping to an error, if there are several
 * mappings.
 */
static int err_of(const struct maker *k, struct err *e)
{
	return k->run->makers.n == 1
		       ? -1
		       : err_in(e, "mapping %zu",
				(size_t)(k - k->run->makers.v) + 1);
}

static int check_any(const struct makers *makers, struct err *e)
{
	const struct maker *lost = NULL;

	for (size_t i = 0; i < makers->n; i++) {
		const struct maker *k = &makers->v[i];

		if (k->m.skip_deletes)
			continue;
		if (k->makes[MAPPING_DELETE] || k->m.jq)
			return 0;
		lost = k;
	}
	if (!lost)
		return 0;
	return err_names(
		e, ERR_CONFIG,
		"the state is in mirror mode, but %s events cannot delete: use "
		"-t record, --delete-event NAME to send deletes as track "
		"events, or --deletes skip to omit them",
		lost->m.type->name);
}

static void add_name(struct buf *b, const char *name)
{
	if (name)
		buf_fmt(b, "%s'%s'", b->n > 0 ? ", " : "", name);
}

/* Lists the columns that identify the user of a delete; one of them is enough.
 * Returns their number; 0 if a jq program reads unknown columns.
 */
static size_t id_columns(const struct mapping *m, const char **v)
{
	size_t n = 0;

	if (m->jq && event_type_is_record(m))
		return 0;
	if (event_type_is_record(m)) {
		for (; n < m->n_identifiers; n++)
			v[n] = m->identifier[n].name;
		return n;
	}
	if (m->user_id)
		v[n++] = m->user_id;
	if (m->anonymous_id)
		v[n++] = m->anonymous_id;
	if (n == 0 && m->object)
		v[n++] = m->identifier[0].name;
	return n;
}

static int lacks(const struct maker *k, const char *const *column, size_t n,
		 struct err *e)
{
	const struct deletes *d = &k->run->base.deletes;
	const char *name[KEY_MOST + 1] = {NULL}, *near;
	struct buf want = {0}, have = {0};
	size_t n_have = 0;

	for (size_t i = 0; i < n; i++)
		add_name(&want, column[i]);
	for (size_t at = 0; at < d->key.n; at += strlen(d->key.p + at) + 1) {
		add_name(&have, d->key.p + at);
		if (n_have < KEY_MOST)
			name[n_have] = d->key.p + at;
		n_have++;
	}
	/* every short name is similar to every other */
	near = strlen(column[0]) > 3 ? opt_nearest(column[0], name) : NULL;
	err_names(
		e, ERR_CONFIG,
		"deletes cannot be mapped: they have only the column%s %s, not "
		"the %s%s %s; %s%s%srun rudder-diff with --identity %s, or "
		"with "
		"--keep row where each row has its own and keeps it",
		n_have > 1 ? "s" : "", buf_cstr(&have),
		event_type_is_record(&k->m) ? "identifier" : "user id's column",
		n > 1 ? "s" : "", buf_cstr(&want), near ? "did you mean '" : "",
		near ? near : "", near ? "'? Otherwise " : "", column[0]);
	buf_clear(&want);
	buf_clear(&have);
	return err_of(k, e);
}

/* Checks a record without identifiers. The destination identifies it by its
 * fields, so its delete must have all fields of the insert, or it deletes
 * nobody.
 */
static int check_fields(const struct maker *k, struct err *e)
{
	const struct mapping *m = &k->m;
	const struct deletes *d = &k->run->base.deletes;
	const char *lacks = m->all ? "all columns" : NULL;

	for (size_t i = 0; i < m->n_columns && !lacks; i++) {
		const struct mapping_column *c = &m->column[i];

		if (!c->leave_out && (c->glob || !in_deletes(d, c->name)))
			lacks = c->name;
	}
	if (d->whole || !lacks)
		return 0;
	err_names(e, ERR_CONFIG,
		  "deletes cannot be mapped: a record without identifiers is "
		  "matched by its fields, but a delete lacks %s%s%s; run "
		  "rudder-diff with --keep row",
		  m->all ? "" : "'", lacks, m->all ? "" : "'");
	return err_of(k, e);
}

static int check_columns(const struct maker *k, struct err *e)
{
	const struct mapping *m = &k->m;
	const char **column;
	size_t n;
	bool any = false;

	if (!k->makes[MAPPING_DELETE])
		return 0;
	if (event_type_is_record(m) && !m->jq && m->n_identifiers == 0)
		return check_fields(k, e);
	column = mem_zero((m->n_identifiers + 2) * sizeof(*column));
	n = id_columns(m, column);
	for (size_t i = 0; i < n; i++)
		any = any || in_deletes(&k->run->base.deletes, column[i]);
	if (n > 0 && !any)
		lacks(k, column, n, e);
	free(column);
	return n > 0 && !any ? -1 : 0;
}

static int check_user(const struct maker *k, struct err *e)
{
	const struct mapping *m = &k->m;

	if (!k->makes[MAPPING_DELETE] || event_type_is_record(m) ||
	    m->user_id || m->anonymous_id || m->object)
		return 0;
	err_names(
		e, ERR_CONFIG,
		"deletes cannot be mapped: a delete event needs a user id: use "
		"-u COLUMN (user_id: COLUMN in a mapping file)");
	return err_of(k, e);
}

/* ---- identities --------------------------------------------------------- */

/* rudder-diff deletes the old identity of a row and inserts the new one. If a
 * cast or mask makes both equal, the delete would remove the new one.
 */
static int check_merges(const struct maker *k, const char *column,
			struct err *e)
{
	struct field *f = mapping_field(&k->m, NULL, slice_str(column));
	struct buf what = {0};
	int rc = 0;

	if (f && field_merges(f, &what)) {
		err_names(e, ERR_CONFIG,
			  "'%s' on the identity column '%s' can turn two "
			  "identities into one, so a change could delete a "
			  "record that still exists; do it in the model, as in "
			  "lower(trim(%s)), and remove it from the mapping",
			  buf_cstr(&what), column, column);
		rc = err_of(k, e);
	}
	if (f)
		field_clear(f);
	free(f);
	buf_clear(&what);
	return rc;
}

static int check_identity(const struct makers *makers,
			  const struct control_reader *begin, struct err *e)
{
	struct doc *identity = member(begin, "identity");
	int rc = 0;

	if (!identity)
		return 0;
	for (const struct doc *c = identity->first; c && rc == 0; c = c->next) {
		for (size_t i = 0; i < makers->n && rc == 0; i++) {
			if (c->kind == SCAN_STRING &&
			    makers->v[i].makes[MAPPING_DELETE])
				rc = check_merges(&makers->v[i], c->text, e);
		}
	}
	doc_free(identity);
	return rc;
}

int deletes_begin(struct map *m, struct err *e)
{
	const struct control_reader *begin = m->arrived.in.controls;
	const struct deletes *d = &m->base.deletes;

	take(&m->base.deletes, &m->arrived.in.control, begin);
	if (!d->mirror)
		return 0;
	if (d->stateful && check_any(&m->makers, e) < 0)
		return -1;
	for (size_t i = 0; d->known && i < m->makers.n; i++) {
		if (check_user(&m->makers.v[i], e) < 0)
			return -1;
	}
	if (check_identity(&m->makers, begin, e) < 0)
		return -1;
	for (size_t i = 0; d->known && i < m->makers.n; i++) {
		if (check_columns(&m->makers.v[i], &m->base.lacks) < 0)
			return 0;
	}
	return 0;
}

int deletes_lack(const struct map *m, struct err *e)
{
	const struct input *in = &m->arrived.in;
	bool whole = in->kind == INPUT_DATA && !row_event_is_delete(in);

	for (size_t i = 0; whole && i < m->makers.n; i++) {
		const struct maker *k = &m->makers.v[i];

		if (require_columns(&k->m, in->member, in->n, in->begun, e) < 0)
			return err_of(k, e);
	}
	*e = m->base.lacks;
	return -1;
}

void deletes_clear(struct deletes *d)
{
	buf_clear(&d->key);
	buf_clear(&d->patterns);
	*d = (struct deletes){0};
}
