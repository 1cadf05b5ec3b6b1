#include "sync/plan_sample.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/num.h"
#include "core/reader.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"
#include "wire/stream/input.h"

enum { DIGITS = 24 }; /* digits of a change id that its messageIds begin with */

static const char *const words[PLAN_ACTIONS] = {"insert", "update", "delete"};

const char *plan_sample_word(enum plan_action a)
{
	return words[a];
}

static char *copy(struct slice s)
{
	return mem_copy(s.p, s.n);
}

/* ---- changes ---------------------------------------------------------- */

/* The row of a change: the line without its member _rudder. */
static char *row_of(const struct doc *d)
{
	struct buf b = {0};

	buf_char(&b, '{');
	for (const struct doc *m = d->first; m; m = m->next) {
		if (strcmp(m->name, "_rudder") == 0)
			continue;
		if (b.n > 1)
			buf_char(&b, ',');
		json_string(&b, slice_str(m->name));
		buf_char(&b, ':');
		buf_slice(&b, m->raw);
	}
	buf_char(&b, '}');
	return buf_cstr(&b);
}

static void add_row(struct plan_sample *s, enum plan_action a,
		    const struct doc *d)
{
	const struct doc *r = doc_get(d, "_rudder");
	const struct doc *id = doc_get(r, "id"), *change = doc_get(r, "change");
	const struct doc *before = doc_get(r, "before");

	if (!id || !id->text || !change || !change->text)
		return;
	s->row = mem_resize(s->row, (s->n + 1) * sizeof(*s->row));
	s->row[s->n++] = (struct plan_row){
		.action = a,
		.id = mem_copy(id->text, id->text_n),
		.change = mem_copy(change->text, change->text_n),
		.before = before ? copy(before->raw) : NULL,
		.after = row_of(d),
	};
}

/* The action of a line of rudder-diff; PLAN_ACTIONS: the line is not a change.
 */
static enum plan_action action_of(struct slice line)
{
	static const char start[] =
		"{\"_rudder\":{\"type\":\"change\",\"action\":\"";
	size_t n = strlen(start);

	if (!slice_starts(line, start))
		return PLAN_ACTIONS;
	for (int a = 0; a < PLAN_ACTIONS; a++) {
		if (slice_starts(slice_of(line.p + n, line.n - n), words[a]))
			return (enum plan_action)a;
	}
	return PLAN_ACTIONS;
}

static int read_changes(struct plan_sample *s, int fd, uint64_t n,
			struct err *e)
{
	struct reader *r = reader_new(fd, INPUT_MAX_LINE, NULL, NULL);
	uint64_t taken[PLAN_ACTIONS + 1] = {0};
	struct slice line;
	int rc;

	while ((rc = reader_next(r, &line, e)) > 0) {
		enum plan_action a = action_of(line);
		struct doc *d = NULL;
		struct err ignored;

		if (a == PLAN_ACTIONS || taken[a]++ >= n ||
		    doc_parse(&d, line, &ignored) < 0)
			continue;
		add_row(s, a, d);
		doc_free(d);
	}
	reader_free(r);
	return rc;
}

/* ---- events ----------------------------------------------------------- */

/* Reads the first digits of a line's messageId, without dashes. False if it has
 * too few.
 */
static bool message_of(struct slice line, char digits[DIGITS])
{
	static const char member[] = "\"messageId\":\"";
	const char *p = memmem(line.p, line.n, member, strlen(member));
	size_t n = 0;

	for (p = p ? p + strlen(member) : line.p + line.n;
	     p < line.p + line.n && n < DIGITS && *p != '"'; p++) {
		if (*p != '-')
			digits[n++] = *p;
	}
	return n == DIGITS;
}

static void take_event(struct plan_sample *s, struct slice line)
{
	char digits[DIGITS];

	if (s->n == 0 || !message_of(line, digits))
		return;
	for (size_t i = 0; i < s->n; i++) {
		struct plan_row *row = &s->row[i];

		if (strlen(row->change) < DIGITS ||
		    memcmp(row->change, digits, DIGITS) != 0)
			continue;
		if (row->event.n > 0)
			buf_char(&row->event, '\n');
		buf_slice(&row->event, line);
		return;
	}
}

static uint64_t count(const struct doc *end, const char *name)
{
	const struct doc *m = doc_get(end, name);
	uint64_t n = 0;

	return m && num_uint(m->raw, &n) == 0 ? n : 0;
}

static void take_end(struct plan_sample *s, const struct doc *end)
{
	for (const struct doc *m = end->first; m; m = m->next) {
		if (m->kind != SCAN_NUMBER)
			continue;
		buf_fmt(&s->counts, "%s\"%s\":%.*s", s->counts.n > 0 ? "," : "",
			m->name, SLICE_FMT(m->raw));
	}
	s->count[PLAN_INSERT] = count(end, "inserts");
	s->count[PLAN_UPDATE] = count(end, "updates");
	s->count[PLAN_DELETE] = count(end, "deletes");
	s->unchanged = count(end, "unchanged");
	s->events = count(end, "events");
	s->rejects = count(end, "rejects");
	s->blocked = count(end, "blocked");
	s->deferred = count(end, "deferred");
	s->postponed = count(end, "postponed");
	s->resend_blocked = count(end, "resend_blocked");
}

#define BEGIN "{\"_rudder\":{\"type\":\"begin\""
#define END   "{\"_rudder\":{\"type\":\"end\""

static void take_text(struct buf *b, const struct doc *d, const char *name)
{
	const struct doc *m = doc_get(d, name);

	b->n = 0;
	if (m && m->text)
		buf_str(b, m->text);
}

static void take_begin(struct plan_sample *s, const struct doc *begin)
{
	take_text(&s->mapping_change, begin, "mapping_change");
	take_text(&s->mode, begin, "mode");
	take_text(&s->mode_was, doc_get(begin, "was"), "mode");
	if (slice_eq(buf_all(&s->mode), buf_all(&s->mode_was)))
		s->mode_was.n = 0;
}

static int read_events(struct plan_sample *s, int fd, struct err *e)
{
	struct reader *r = reader_new(fd, INPUT_MAX_LINE, NULL, NULL);
	struct slice line;
	bool ended = false, begins;
	int rc;

	while ((rc = reader_next(r, &line, e)) > 0) {
		struct doc *d = NULL;
		struct err ignored;

		if (!slice_starts(line, "{\"_rudder\":")) {
			take_event(s, line);
			continue;
		}
		begins = slice_starts(line, BEGIN);
		if ((!begins && !slice_starts(line, END)) ||
		    doc_parse(&d, line, &ignored) < 0)
			continue;
		if (begins)
			take_begin(s, d->first);
		else
			take_end(s, d->first);
		ended = ended || !begins;
		doc_free(d);
	}
	reader_free(r);
	if (rc == 0 && !ended)
		rc = err_set(e, ERR_DATA, "the events have no end line");
	return rc;
}

static int by_action(const void *a, const void *b)
{
	const struct plan_row *x = a, *y = b;

	return x->action != y->action ? (x->action > y->action ? 1 : -1)
				      : strcmp(x->id, y->id);
}

int plan_sample_read(struct plan_sample *s, int changes, int events, uint64_t n,
		     struct err *e)
{
	*s = (struct plan_sample){0};
	if (read_changes(s, changes, n, e) < 0 || read_events(s, events, e) < 0)
		return -1;
	if (s->n > 0)
		qsort(s->row, s->n, sizeof(*s->row), by_action);
	return 0;
}

void plan_sample_clear(struct plan_sample *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct plan_row *row = &s->row[i];

		free(row->id);
		free(row->change);
		free(row->before);
		free(row->after);
		buf_clear(&row->event);
	}
	free(s->row);
	buf_clear(&s->counts);
	buf_clear(&s->mapping_change);
	buf_clear(&s->mode);
	buf_clear(&s->mode_was);
	*s = (struct plan_sample){0};
}
