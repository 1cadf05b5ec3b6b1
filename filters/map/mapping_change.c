#include "map/mapping_change.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"
#include "core/tool.h"
#include "map/columns_read.h"
#include "map/parts.h"
#include "map/settings/event_type.h"
#include "map/settings/fingerprint.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"

enum { DIGITS = 16 };

/* ---- the member ------------------------------------------------------- */

/* A sorted list of unique texts. */
struct word_set {
	const char **v;
	size_t n;
};

static void add(struct word_set *x, const char *name)
{
	if (!name)
		return;
	for (size_t i = 0; i < x->n; i++) {
		if (strcmp(x->v[i], name) == 0)
			return;
	}
	x->v = mem_resize(x->v, (x->n + 1) * sizeof(*x->v));
	x->v[x->n++] = name;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void show(struct buf *b, const char *name, struct word_set *x)
{
	buf_fmt(b, "\"%s\":[", name);
	if (x->n > 0)
		qsort(x->v, x->n, sizeof(*x->v), by_text);
	for (size_t i = 0; i < x->n; i++) {
		buf_str(b, i > 0 ? "," : "");
		json_string(b, slice_str(x->v[i]));
	}
	buf_char(b, ']');
	free(x->v);
}

static void show_types(const struct makers *makers, struct buf *b)
{
	struct word_set x = {0};

	for (size_t i = 0; i < makers->n; i++)
		add(&x, makers->v[i].m.type ? makers->v[i].m.type->name : "jq");
	show(b, "types", &x);
}

/* Writes the columns that identify a user at the destination. */
static void show_identifiers(const struct makers *makers, struct buf *b)
{
	struct word_set x = {0};

	for (size_t i = 0; i < makers->n; i++) {
		const struct mapping *k = &makers->v[i].m;

		for (size_t n = 0; n < k->n_identifiers; n++)
			add(&x, k->identifier[n].name);
		add(&x, k->user_id);
		add(&x, k->anonymous_id);
		add(&x, k->group_id);
		add(&x, k->previous_id);
	}
	show(b, "identifiers", &x);
}

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void show_entries(const struct makers *makers, struct buf *b)
{
	uint64_t *v = NULL;
	size_t n = 0;

	for (size_t i = 0; i < makers->n; i++) {
		struct fingerprint f;

		fingerprint_entries(&f, &makers->v[i].m);
		v = mem_resize(v, (n + f.n + 1) * sizeof(*v));
		if (f.n > 0)
			memcpy(v + n, f.entry, f.n * sizeof(*v));
		n += f.n;
		fingerprint_clear(&f);
	}
	if (n > 0)
		qsort(v, n, sizeof(*v), by_value);
	buf_str(b, "\"entries\":\"");
	for (size_t i = 0; i < n; i++)
		buf_fmt(b, "%016jx", (uintmax_t)v[i]);
	buf_char(b, '"');
	free(v);
}

static void show_columns(const struct makers *makers, struct buf *b)
{
	struct columns_read x = {.all = false};
	struct buf text = {0};

	for (size_t i = 0; i < makers->n; i++)
		columns_read_add(&x, &makers->v[i].m);
	columns_read_show(&x, &text);
	buf_str(b, ",\"columns\":");
	json_string(b, buf_all(&text));
	buf_clear(&text);
}

void mapping_change_record(const struct makers *makers, struct buf *b)
{
	buf_fmt(b, "{\"v\":%d,", FINGERPRINT_VERSION);
	show_types(makers, b);
	buf_char(b, ',');
	show_identifiers(makers, b);
	buf_char(b, ',');
	show_entries(makers, b);
	show_columns(makers, b);
	buf_char(b, '}');
}

void mapping_change_show(const struct map *m, struct buf *b)
{
	if (m->base.change.n > 0)
		control_add_text(b, "mapping_change", buf_all(&m->base.change));
	if (m->arrived.in.control.state.n == 0)
		return;
	buf_str(b, ",\"mapping\":");
	mapping_change_record(&m->makers, b);
}

/* ---- compared --------------------------------------------------------- */

/* Parses the entries of the recorded mapping. The caller frees them. */
static uint64_t *entries_of(const struct doc *was, size_t *n)
{
	const struct doc *text = doc_get(was, "entries");
	uint64_t *v;

	*n = 0;
	if (!text || text->kind != SCAN_STRING || text->text_n % DIGITS != 0)
		return NULL;
	v = mem_zero((text->text_n / DIGITS + 1) * sizeof(*v));
	for (size_t at = 0; at < text->text_n; at += DIGITS) {
		if (num_hex(text->text + at, &v[(*n)++]) < 0) {
			free(v);
			*n = 0;
			return NULL;
		}
	}
	qsort(v, *n, sizeof(*v), by_value);
	return v;
}

/* Warns of the new settings, and appends them to change. */
static void warn(const struct makers *makers, const struct doc *was,
		 struct buf *change)
{
	const struct doc *read = doc_get(was, "columns");
	const char *columns =
		read && read->kind == SCAN_STRING ? read->text : NULL;
	struct buf said = {0};
	size_t n, n_added = 0;
	uint64_t *v = entries_of(was, &n);

	if (v) {
		for (size_t i = 0; i < makers->n; i++)
			n_added += fingerprint_added(&makers->v[i].m, v, n,
						     columns, n_added, &said);
	}
	if (n_added > FINGERPRINT_SAID)
		buf_str(&said, ", and more");
	if (n_added > 0)
		tool_warn("the mapping differs from the one that the state was "
			  "delivered with: %s",
			  buf_cstr(&said));
	if (n_added > 0)
		buf_slice(change, buf_all(&said));
	buf_clear(&said);
	free(v);
}

/* Appends the texts of a JSON array: 'identify', 'track'. */
static void add_list(struct buf *b, struct slice list)
{
	struct doc *d = NULL;
	struct err ignored;

	if (doc_parse(&d, list, &ignored) < 0)
		return;
	if (!d->first)
		buf_str(b, "(none)");
	for (const struct doc *i = d->first; i; i = i->next)
		buf_fmt(b, "%s'%s'", i == d->first ? "" : ", ",
			i->text ? i->text : "");
	doc_free(d);
}

/* Returns an error (status 78) if a list differs between the recorded mapping
 * and ours.
 */
static int check_same(const struct doc *was, const char *name, struct slice now,
		      const char *what, struct err *e)
{
	const struct doc *then = doc_get(was, name);
	struct buf a = {0}, b = {0};

	if (!then || slice_eq(then->raw, now))
		return 0;
	add_list(&a, then->raw);
	add_list(&b, now);
	err_names(
		e, ERR_CONFIG,
		"the state was delivered with %s %s, not %s: use a new state, "
		"or accept the change once with rudder-diff "
		"--accept-connection",
		what, buf_cstr(&a), buf_cstr(&b));
	buf_clear(&a);
	buf_clear(&b);
	return -1;
}

/* The JSON array in b, without its name. */
static struct slice list_in(const struct buf *b)
{
	const char *at = memchr(b->p, '[', b->n);

	return slice_of(at, b->n - (size_t)(at - b->p));
}

static int compare(const struct makers *makers, const struct doc *was,
		   struct err *e)
{
	struct buf types = {0}, identifiers = {0};
	int rc;

	show_types(makers, &types);
	show_identifiers(makers, &identifiers);
	rc = check_same(was, "types", list_in(&types), "event type", e);
	if (rc == 0)
		rc = check_same(was, "identifiers", list_in(&identifiers),
				"user identifier", e);
	buf_clear(&types);
	buf_clear(&identifiers);
	return rc;
}

/* Whether an entry was added, removed or changed. */
static bool is_changed(const struct makers *makers, const struct doc *was)
{
	const struct doc *text = doc_get(was, "entries");
	struct buf then = {0}, now = {0};
	bool is;

	if (!text)
		return false;
	buf_str(&then, "\"entries\":");
	buf_slice(&then, text->raw);
	show_entries(makers, &now);
	is = !slice_eq(buf_all(&then), buf_all(&now));
	buf_clear(&then);
	buf_clear(&now);
	return is;
}

/* Warns of rows that begin to match when they are not new any more. */
static void warn_of_inserts(const struct map *m)
{
	bool any = false;

	for (size_t i = 0; i < m->makers.n; i++)
		any = any || m->makers.v[i].m.where;
	if (any && slice_is(control_member(m->arrived.in.controls, "mode"),
			    "\"insert-only\""))
		tool_warn("mode insert-only never sends a row that matches the "
			  "condition only later: put the condition into the "
			  "model");
}

/* Warns of rows that may have stopped matching in a mode that does not delete:
 * their skips are settled, so that the state does not know of them.
 */
static void warn_of_mode(const struct map *m, const struct doc *was)
{
	const struct doc *mode = doc_get(was, "mode");
	bool any = false;

	for (size_t i = 0; i < m->makers.n; i++) {
		const struct mapping *k = &m->makers.v[i].m;

		any = any || (k->where && !k->skip_deletes);
	}
	if (any && m->base.deletes.mirror && mode && mode->text &&
	    strcmp(mode->text, "mirror") != 0)
		tool_warn("rows that have stopped matching the condition in "
			  "mode %s may still be at the destination: to delete "
			  "them, run once with --full",
			  mode->text);
}

int mapping_change_begin(struct map *m, struct err *e)
{
	const struct control_reader *c = m->arrived.in.controls;
	struct slice text = control_member(c, "was");
	struct doc *d = NULL;
	const struct doc *was;
	struct err ignored;
	int rc = 0;

	warn_of_inserts(m);
	if (text.n == 0 || doc_parse(&d, text, &ignored) < 0)
		return 0;
	warn_of_mode(m, d);
	was = doc_get(d, "mapping");
	if (was && !slice_is(control_member(c, "accept_connection"), "true"))
		rc = compare(&m->makers, was, e);
	if (rc == 0 && was) {
		m->base.change.n = 0;
		warn(&m->makers, was, &m->base.change);
		m->base.changed = is_changed(&m->makers, was);
	}
	doc_free(d);
	return rc;
}
