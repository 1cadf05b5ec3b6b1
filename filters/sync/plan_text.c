#include "sync/plan_text.h"

#include <string.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/text.h"
#include "core/width.h"
#include "sync/shell_text.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"

/* Appends a text with blanks instead of characters that are hidden or move the
 * cursor.
 */
static void add_seen(struct buf *b, struct slice s)
{
	while (s.n > 0) {
		uint32_t c;
		size_t n = text_char(s, &c);

		if (n == 0 || text_hidden(c))
			buf_char(b, ' ');
		else
			buf_add(b, s.p, n);
		n = n > 0 ? n : 1;
		s = slice_of(s.p + n, s.n - n);
	}
}

static void add_count(struct buf *b, uint64_t n, const char *one,
		      const char *many)
{
	buf_fmt(b, "%ju %s", (uintmax_t)n, n == 1 ? one : many);
}

/* Appends "3 inserts, 1 update, 0 deletes; 7 unchanged; 4 events". */
static void add_counts(struct buf *b, const struct plan_sample *s)
{
	add_count(b, s->count[PLAN_INSERT], "insert", "inserts");
	buf_str(b, ", ");
	add_count(b, s->count[PLAN_UPDATE], "update", "updates");
	buf_str(b, ", ");
	add_count(b, s->count[PLAN_DELETE], "delete", "deletes");
	buf_fmt(b, "; %ju unchanged; ", (uintmax_t)s->unchanged);
	add_count(b, s->events, "event", "events");
}

/* Appends what differs from the last delivery, one line each after start. */
static void add_changed(struct buf *b, const struct plan_text *p,
			const char *start)
{
	const struct plan_sample *s = p->sample;

	if (s->mode_was.n > 0) {
		buf_fmt(b, "%sthe mode is ", start);
		add_seen(b, buf_all(&s->mode));
		buf_str(b, "; it was ");
		add_seen(b, buf_all(&s->mode_was));
		buf_str(b, " at the last delivery\n");
	}
	if (!p->changed)
		return;
	buf_fmt(b, "%sthe mapping has changed", start);
	if (s->mapping_change.n > 0) {
		buf_str(b, " (");
		add_seen(b, buf_all(&s->mapping_change));
		buf_char(b, ')');
	}
	buf_fmt(b, "%s\n",
		s->resend_blocked == 0 ? ": every row is sent again" : "");
}

/* Appends what differs, and what is not sent, one line each after start. */
static void add_verdicts(struct buf *b, const struct plan_text *p,
			 const char *start)
{
	const struct {
		uint64_t n;
		const char *one, *many, *what;
	} lines[] = {
		{p->sample->rejects, "rejected: this row makes",
		 "rejected: these rows make", "no event"},
		{p->sample->blocked, "delete is", "deletes are",
		 "blocked by a delete guard"},
		{p->sample->deferred, "delete is", "deletes are",
		 "deferred to later runs"},
		{p->sample->postponed, "change is", "changes are",
		 "postponed (max_changes)"},
		{p->sample->resend_blocked, "row is", "rows are",
		 "not sent again: more than resend: {max: ...}"},
	};

	add_changed(b, p, start);
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		if (lines[i].n > 0)
			buf_fmt(b, "%s%ju %s %s\n", start,
				(uintmax_t)lines[i].n,
				counts_word(lines[i].n, lines[i].one,
					    lines[i].many),
				lines[i].what);
	}
}

/* Appends JSON after a start of START columns, in lines of the terminal's
 * width.
 */
static void add_json(struct buf *b, const struct plan_text *p,
		     const char *start, struct slice json)
{
	enum { START = 9, LEAST = 20 };
	size_t room = p->width > START + LEAST ? p->width - START : LEAST;
	struct buf seen = {0};
	struct slice rest;

	add_seen(&seen, json);
	rest = buf_all(&seen);
	do {
		size_t n = p->width > 0 ? width_bytes(rest, room) : rest.n;

		buf_str(b, start);
		buf_add(b, rest.p, n);
		buf_char(b, '\n');
		rest = slice_of(rest.p + n, rest.n - n);
		start = "         ";
	} while (rest.n > 0);
	buf_clear(&seen);
}

/* Appends a member of an event as a line. */
static void add_event_member(struct buf *b, const struct plan_text *p,
			     const struct doc *m, bool *first)
{
	struct buf line = {0};

	if (strcmp(m->parent->name ? m->parent->name : "", "context") == 0)
		buf_str(&line, "context.");
	buf_fmt(&line, "%s: ", m->name);
	buf_slice(&line, m->raw);
	add_json(b, p, *first ? "  event  " : "         ", buf_all(&line));
	*first = false;
	buf_clear(&line);
}

/* Appends an event for people: a line for each member, without those that only
 * the destination needs, which differ in each run.
 */
static void add_event(struct buf *b, const struct plan_text *p,
		      struct slice event)
{
	static const char *const technical[] = {"type", "channel", "messageId",
						"recordId"};
	const struct doc *m;
	struct doc *d = NULL;
	struct err ignored;
	bool first = true;

	if (doc_parse(&d, event, &ignored) < 0) {
		add_json(b, p, "  event  ", event);
		return;
	}
	m = doc_get(d, "type");
	if (m)
		add_event_member(b, p, m, &first);
	for (m = d->first; m; m = m->next) {
		size_t i = 0;

		while (i < COUNT_OF(technical) &&
		       strcmp(technical[i], m->name) != 0)
			i++;
		if (i < COUNT_OF(technical))
			continue;
		if (strcmp(m->name, "context") != 0 || m->kind != SCAN_OBJECT) {
			add_event_member(b, p, m, &first);
			continue;
		}
		for (const struct doc *c = m->first; c; c = c->next) {
			if (strcmp(c->name, "sources") != 0)
				add_event_member(b, p, c, &first);
		}
	}
	doc_free(d);
}

/* Appends the events of a row: one line each if whole, otherwise several lines
 * for people.
 */
static void add_events(struct buf *b, const struct plan_text *p,
		       const struct plan_row *row, bool whole)
{
	struct slice rest = buf_all(&row->event);

	if (rest.n == 0)
		buf_str(b, "  event  (none)\n");
	while (rest.n > 0) {
		const char *lf = memchr(rest.p, '\n', rest.n);
		size_t n = lf ? (size_t)(lf - rest.p) : rest.n;

		if (whole)
			add_json(b, p, "  event  ", slice_of(rest.p, n));
		else
			add_event(b, p, slice_of(rest.p, n));
		n += lf ? 1 : 0;
		rest = slice_of(rest.p + n, rest.n - n);
	}
}

static void add_rows(struct buf *b, const struct plan_text *p, bool whole)
{
	for (size_t i = 0; i < p->sample->n; i++) {
		const struct plan_row *row = &p->sample->row[i];

		buf_fmt(b, "\n%s ", plan_sample_word(row->action));
		add_seen(b, slice_str(row->id));
		buf_char(b, '\n');
		if (row->before)
			add_json(b, p, "  before ", slice_str(row->before));
		add_json(b, p,
			 row->action == PLAN_DELETE ? "  known  " : "  row    ",
			 slice_str(row->after));
		add_events(b, p, row, whole);
	}
}

/* Appends the number of changes that are not in the sample. */
static void add_more(struct buf *b, const struct plan_text *p)
{
	uint64_t more = 0;

	for (size_t i = 0; i < PLAN_ACTIONS; i++)
		more += p->sample->count[i];
	if (p->sample->n == 0 || more <= p->sample->n)
		return;
	more -= p->sample->n;
	buf_char(b, '\n');
	counts_add(b, more, "more change");
	buf_str(b, " (--sample N)\n");
}

/* Like add_rows, with backticks escaped, because one in a row could end the
 * block.
 */
static void add_fenced(struct buf *b, const struct plan_text *p)
{
	struct buf rows = {0};

	add_rows(&rows, p, true);
	for (size_t i = 0; i < rows.n; i++) {
		if (rows.p[i] == '`')
			buf_str(b, "\\u0060");
		else
			buf_char(b, rows.p[i]);
	}
	buf_clear(&rows);
}

static void add_names(struct buf *b, const struct plan_text *p)
{
	buf_str(b, p->file->name);
	if (*p->to->name)
		buf_fmt(b, "/%s", p->to->name);
}

static void add_next(struct buf *b, const struct plan_text *p)
{
	buf_str(b, "rudder apply ");
	shell_text_word(b, p->output);
}

void plan_text_plain(struct buf *b, const struct plan_text *p)
{
	add_names(b, p);
	buf_str(b, " to ");
	add_seen(b, slice_str(p->to->dest));
	buf_str(b, "\n  ");
	add_counts(b, p->sample);
	buf_char(b, '\n');
	add_verdicts(b, p, "  ");
	add_rows(b, p, false);
	add_more(b, p);
	if (!p->output)
		return;
	buf_str(b, "\nThe plan waits for '");
	add_next(b, p);
	buf_str(b, "' until ");
	clock_stamp(b, p->expires_ms);
	buf_str(b, ";\nuntil it is applied or declined (--decline), other runs "
		   "of this sync end with 75.\n");
}

void plan_text_markdown(struct buf *b, const struct plan_text *p)
{
	buf_str(b, "### ");
	add_names(b, p);
	buf_str(b, "\n\n");
	add_counts(b, p->sample);
	buf_str(b, "\n\n");
	add_verdicts(b, p, "- ");
	if (p->sample->n > 0) {
		buf_str(b, "\n<details><summary>Sample rows</summary>\n\n"
			   "```");
		add_fenced(b, p);
		buf_str(b, "```\n\n</details>\n");
		add_more(b, p);
	}
	if (!p->output)
		return;
	buf_str(b, "\nApply by `");
	add_next(b, p);
	buf_str(b, "` until ");
	clock_stamp(b, p->expires_ms);
	buf_str(b, ".\n");
}

static void add_member(struct buf *b, const char *name, const char *text)
{
	buf_fmt(b, "%s\"%s\":", b->p[b->n - 1] == '{' ? "" : ",", name);
	json_string(b, slice_str(text));
}

/* Appends the events of a row as an array. */
static void add_array(struct buf *b, const struct plan_row *row)
{
	buf_str(b, ",\"events\":[");
	for (size_t i = 0; i < row->event.n; i++)
		buf_char(b, row->event.p[i] == '\n' ? ',' : row->event.p[i]);
	buf_char(b, ']');
}

void plan_text_json(struct buf *b, const struct plan_text *p)
{
	buf_char(b, '{');
	add_member(b, "sync", p->file->name);
	add_member(b, "destination", p->to->name);
	add_member(b, "state", p->to->state);
	buf_fmt(b, ",\"mapping_changed\":%s", p->changed ? "true" : "false");
	if (p->sample->mapping_change.n > 0) {
		buf_str(b, ",\"mapping_change\":");
		json_string(b, buf_all(&p->sample->mapping_change));
	}
	if (p->sample->mode_was.n > 0) {
		buf_str(b, ",\"mode_was\":");
		json_string(b, buf_all(&p->sample->mode_was));
	}
	buf_fmt(b, ",\"counts\":{%s},\"sample\":[",
		p->sample->counts.n > 0 ? p->sample->counts.p : "");
	for (size_t i = 0; i < p->sample->n; i++) {
		const struct plan_row *row = &p->sample->row[i];

		buf_str(b, i > 0 ? ",{" : "{");
		add_member(b, "action", plan_sample_word(row->action));
		add_member(b, "id", row->id);
		if (row->before)
			buf_fmt(b, ",\"before\":%s", row->before);
		buf_fmt(b, ",\"row\":%s", row->after);
		add_array(b, row);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	if (p->output) {
		add_member(b, "plan", p->output);
		buf_str(b, ",\"expires\":\"");
		clock_stamp(b, p->expires_ms);
		buf_char(b, '"');
	}
	buf_str(b, "}\n");
}
