#include "diff/state/state_connection.h"

#include <stdlib.h>

#include "core/counts.h"
#include "core/num.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"

/* Length of an entry of a mapping. If its last digit is even, removing the
 * entry counts as a change (map/settings/fingerprint.h).
 */
enum { DIGITS = 16 };

static void take(struct buf *b, const struct control_reader *r,
		 const char *name)
{
	b->n = 0;
	buf_slice(b, control_member(r, name));
}

void state_connection_read(struct state_connection *c,
			   const struct control_reader *r, const char *attempt)
{
	struct slice how = control_member(r, "on_mapping_change");

	take(&c->mode, r, "mode");
	take(&c->mapping, r, "mapping");
	take(&c->destination, r, "destination");
	memcpy(c->attempt, attempt, sizeof(c->attempt));
	c->agreed = slice_is(control_member(r, "accept_connection"), "true");
	c->how[0] = '\0';
	if (how.n > 2 && how.n - 2 < sizeof(c->how)) {
		memcpy(c->how, how.p + 1, how.n - 2);
		c->how[how.n - 2] = '\0';
	}
}

static struct slice raw(const struct doc *d, const char *name)
{
	const struct doc *v = doc_get(d, name);

	return v ? v->raw : slice_of(NULL, 0);
}

/* ---- mappings --------------------------------------------------------- */

/* The entries of a mapping, as hexadecimal digits. */
static struct slice entries_of(const struct doc *mapping)
{
	const struct doc *d = doc_get(mapping, "entries");

	if (!d || d->kind != SCAN_STRING || d->text_n % DIGITS != 0)
		return slice_of(NULL, 0);
	return slice_of(d->text, d->text_n);
}

static bool has(struct slice entries, const char *entry)
{
	for (size_t at = 0; at < entries.n; at += DIGITS) {
		if (memcmp(entries.p + at, entry, DIGITS) == 0)
			return true;
	}
	return false;
}

static bool is_even(const char *entry)
{
	return !strchr("13579bdf", entry[DIGITS - 1]);
}

/* Whether rows delivered with one mapping must be resent with the other: not if
 * only columns, constants and the like were removed.
 */
static bool is_changed(const struct doc *was, const struct doc *now)
{
	struct slice a = entries_of(was), b = entries_of(now);

	for (size_t at = 0; at < b.n; at += DIGITS) {
		if (!has(a, b.p + at))
			return true;
	}
	for (size_t at = 0; at < a.n; at += DIGITS) {
		if (is_even(a.p + at) && !has(b, a.p + at))
			return true;
	}
	return false;
}

static void add(struct buf *b, const char *name, struct slice json)
{
	if (json.n == 0)
		return;
	buf_fmt(b, "%s\"%s\":", b->n > 0 ? "," : "{", name);
	buf_slice(b, json);
}

/* The mapping without event types and identifiers, with which nothing was
 * delivered.
 */
static struct slice untried(struct state_connection *c,
			    const struct doc *mapping)
{
	c->untried.n = 0;
	add(&c->untried, "v", raw(mapping, "v"));
	add(&c->untried, "entries", raw(mapping, "entries"));
	add(&c->untried, "columns", raw(mapping, "columns"));
	buf_char(&c->untried, '}');
	return buf_all(&c->untried);
}

/* The mapping to note. */
static struct slice new_mapping(struct state_connection *c,
				const struct doc *was, const struct doc *now,
				bool resent)
{
	struct slice then = raw(was, "mapping"), is = raw(now, "mapping");
	const struct doc *attempt = doc_get(was, "attempt");

	if (is.n == 0)
		return then;
	if (!c->accepted && raw(doc_get(was, "mapping"), "types").n == 0)
		is = untried(c, doc_get(now, "mapping"));
	if (then.n == 0 || slice_eq(then, is))
		return c->accepted || c->settled ? is : then;
	if (strcmp(c->how, "none") == 0)
		return then; /* in particular if only a part of the run was
			      * committed */
	if (c->aborted && !c->accepted && !c->settled)
		return then; /* no row is settled with the new one */
	if (c->accepted && attempt && attempt->text &&
	    strcmp(attempt->text, c->attempt) == 0) {
		c->conflict = true;
		return slice_of(NULL, 0);
	}
	c->resend =
		(c->how[0] == '\0' ||
		 (strcmp(c->how, "now") == 0 && !resent)) &&
		is_changed(doc_get(was, "mapping"), doc_get(now, "mapping"));
	return is;
}

/* ---- the note --------------------------------------------------------- */

static struct doc *parse(struct slice text)
{
	struct doc *d;
	struct err ignored;

	return text.n > 0 && doc_parse(&d, text, &ignored) == 0 ? d : NULL;
}

/* The begin line in the form of the note. */
static void begin_as_note(const struct state_connection *c, struct buf *b)
{
	b->n = 0;
	add(b, "mode", buf_all(&c->mode));
	add(b, "mapping", buf_all(&c->mapping));
	add(b, "destination", buf_all(&c->destination));
	buf_char(b, '}');
}

void state_connection_put(const struct state_connection *c, struct buf *b)
{
	begin_as_note(c, b);
	b->n--;
	control_add_text(b, "attempt", slice_str(c->attempt));
	control_add_text(b, "how", slice_str(c->how));
	buf_str(b, c->accepted ? "}" : ",\"accepted\":false}");
}

static void take_raw(struct buf *b, const struct doc *d, const char *name)
{
	b->n = 0;
	buf_slice(b, raw(d, name));
}

static void take_text(char *to, size_t size, const struct doc *d,
		      const char *name)
{
	const struct doc *v = doc_get(d, name);

	if (v && v->text && v->text_n < size)
		memcpy(to, v->text, v->text_n + 1);
}

void state_connection_take(struct state_connection *c, struct slice text)
{
	struct doc *d = parse(text);

	take_raw(&c->mode, d, "mode");
	take_raw(&c->mapping, d, "mapping");
	take_raw(&c->destination, d, "destination");
	take_text(c->attempt, sizeof(c->attempt), d, "attempt");
	take_text(c->how, sizeof(c->how), d, "how");
	c->accepted = !slice_is(raw(d, "accepted"), "false");
	c->settled = true;
	doc_free(d);
}

/* Whether the two differ in anything but the attempt. */
static bool differs(const struct doc *was, const struct buf *note)
{
	static const char *const names[] = {"mode", "mapping", "destination"};
	struct doc *d = parse(buf_all(note));
	bool any = false;

	for (size_t i = 0; i < COUNT_OF(names); i++)
		any = any || !slice_eq(raw(was, names[i]), raw(d, names[i]));
	doc_free(d);
	return any;
}

static struct slice number_of(const uint64_t *n)
{
	return slice_of((const char *)n, sizeof(*n));
}

/* Raises the number of the resend. Rows that the unfinished resend of an
 * earlier mapping has delivered have its number, so the next resend needs a new
 * one, or they would count as done. Other rows have the number before, and that
 * alone does not make them due: nobody may allow the next resend.
 */
static void raise_number(struct state_connection *c, struct snapshot *s)
{
	uint64_t owed = snapshot_note_number(s->note[SNAPSHOT_OWED]);

	c->before = snapshot_note_number(s->note[SNAPSHOT_RESENT]);
	if (owed > c->before) { /* the resend that --full owes stays owed */
		c->resent = owed + 1;
		s->note[SNAPSHOT_OWED] = number_of(&c->resent);
		return;
	}
	c->resent = c->before + 1;
	s->note[SNAPSHOT_RESENT] = number_of(&c->resent);
	if (s->note[SNAPSHOT_BEFORE].n == 0)
		s->note[SNAPSHOT_BEFORE] = number_of(&c->before);
}

void state_connection_note(struct state_connection *c, struct snapshot *s,
			   bool resent, bool was_due, bool *any)
{
	struct slice noted = s->note[SNAPSHOT_CONNECTION];
	struct buf text = {0}, attempt = {0};
	struct doc *was, *now;

	if (c->destination.n == 0 ||
	    (noted.n == 0 && !c->accepted && !c->settled))
		return;
	begin_as_note(c, &text);
	was = parse(noted);
	now = parse(buf_all(&text));
	json_string(&attempt, slice_str(c->attempt));
	c->note.n = 0;
	add(&c->note, "mode", raw(now, "mode"));
	add(&c->note, "mapping", new_mapping(c, was, now, resent));
	add(&c->note, "destination",
	    raw(c->accepted ? now : was, "destination"));
	add(&c->note, "attempt",
	    c->accepted ? buf_all(&attempt) : raw(was, "attempt"));
	buf_char(&c->note, '}');
	*any = *any || differs(was, &c->note);
	s->note[SNAPSHOT_CONNECTION] = buf_all(&c->note);
	if (c->resend) {
		if (was_due && !resent)
			raise_number(c, s);
		s->note[SNAPSHOT_RESEND] = slice_str("mapping");
		*any = true;
	}
	doc_free(was);
	doc_free(now);
	buf_clear(&text);
	buf_clear(&attempt);
}

int state_connection_verdict(const struct state_connection *c, struct err *e)
{
	if (c->conflict)
		return err_set(e, ERR_CONFIG,
			       "two mappings made the events of this run: the "
			       "receipts are applied, but no mapping is "
			       "recorded; copy the rows before rudder-diff "
			       "(rudder tee) and use one state per mapping");
	if (!c->resend || slice_is(buf_all(&c->mode), "\"insert-only\""))
		return 0;
	return err_set(
		e, ERR_PARTIAL,
		"the mapping has changed: the next run resends %s%zu row%s",
		counts_word(c->keys, "the ", "all "), c->keys,
		COUNTS_S(c->keys));
}

bool state_connection_counts(struct slice note)
{
	static const char *const counted[] = {"track", "page", "screen"};
	struct doc *d = parse(note);
	const struct doc *types =
		d ? doc_get(doc_get(d, "mapping"), "types") : NULL;
	bool counts = false;

	for (types = types ? types->first : NULL; types; types = types->next) {
		for (size_t i = 0; types->text && i < COUNT_OF(counted); i++)
			counts = counts || strcmp(types->text, counted[i]) == 0;
	}
	doc_free(d);
	return counts;
}

void state_connection_columns(struct slice note, struct buf *b)
{
	struct doc *d = parse(note);
	const struct doc *c =
		d ? doc_get(doc_get(d, "mapping"), "columns") : NULL;

	if (c && c->text && strcmp(c->text, "*") != 0)
		buf_str(b, c->text);
	doc_free(d);
}

void state_connection_mode(struct slice note, struct buf *mode)
{
	struct doc *d = parse(note);
	const struct doc *m = doc_get(d, "mode");

	if (m && m->text)
		buf_str(mode, m->text);
	doc_free(d);
}

bool state_connection_only_inserts(struct slice note)
{
	struct buf mode = {0};
	bool only;

	state_connection_mode(note, &mode);
	only = slice_is(buf_all(&mode), "insert-only");
	buf_clear(&mode);
	return only;
}

int state_connection_changes(struct slice note, struct slice record,
			     struct err *e)
{
	struct doc *now = NULL, *was = parse(note);
	const struct doc *then = was ? doc_get(was, "mapping") : NULL;
	int rc;

	if (doc_parse(&now, record, e) < 0 || entries_of(now).n == 0)
		rc = err_set(e, ERR_CONFIG,
			     "this is not a mapping as rudder-map "
			     "--print-record writes it");
	else
		rc = then && is_changed(then, now);
	doc_free(now);
	doc_free(was);
	return rc;
}

void state_connection_clear(struct state_connection *c)
{
	buf_clear(&c->mode);
	buf_clear(&c->mapping);
	buf_clear(&c->destination);
	buf_clear(&c->note);
	buf_clear(&c->untried);
	*c = (struct state_connection){0};
}
