#include "map/multi.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "map/output.h"
#include "map/removal.h"
#include "map/row_event.h"

/* KEPT: a delete that is not allowed, because another row may have its identity
 * (removal.h).
 */
enum answer { WAITING, EVENTS, REMOVAL, KEPT, SKIP, LOST, REJECT };

/* The result of one maker for a row. */
struct said {
	enum answer answer;
	uint64_t n;
	struct buf text; /* events with LF between, or the reason */
};

/* A row for which results are missing. */
struct open {
	uint64_t lineno;
	struct slice line, id, action, change; /* in kept after multi_keep */
	char hex[PARTS_DIGITS]; /* digits of the row's messageId */
	struct buf kept;
	struct said *said; /* one for each maker */
	size_t due;        /* number of results that are missing */
};

struct multi {
	struct map *run;
	struct open *row; /* owned: ring buffer */
	size_t size, head, n;
	uint64_t left;   /* number of rows written */
	uint64_t *next;  /* for each maker: number of its results */
	struct buf ours; /* start of the messageId that all events of the
			    current row share, with the member's name */
	struct buf why;
};

struct multi *multi_new(struct map *run)
{
	struct multi *f = mem_zero(sizeof(*f));

	f->run = run;
	f->next = mem_zero(run->makers.n * sizeof(*f->next));
	return f;
}

static void free_row(struct multi *f, struct open *r)
{
	for (size_t i = 0; r->said && i < f->run->makers.n; i++)
		buf_clear(&r->said[i].text);
	free(r->said);
	buf_clear(&r->kept);
}

void multi_free(struct multi *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->size; i++)
		free_row(f, &f->row[i]);
	free(f->row);
	free(f->next);
	buf_clear(&f->ours);
	buf_clear(&f->why);
	free(f);
}

static struct open *row_at(struct multi *f, size_t i)
{
	return &f->row[(f->head + i) & (f->size - 1)];
}

/* Doubles the ring, which is a power of two, and moves its first row to the
 * start.
 */
static void grow(struct multi *f)
{
	size_t size = f->size ? 2 * f->size : 4;
	struct open *row = mem_zero(size * sizeof(*row));

	for (size_t i = 0; i < f->size; i++)
		row[i] = *row_at(f, i);
	for (size_t i = f->size; i < size; i++)
		row[i].said = mem_zero(f->run->makers.n * sizeof(*row[i].said));
	free(f->row);
	f->row = row;
	f->size = size;
	f->head = 0;
}

void multi_open(struct multi *f)
{
	const struct input *in = &f->run->arrived.in;
	const struct control *c = &in->control;
	bool change = c->type == CONTROL_CHANGE;
	struct row_event_ids ids = row_event_ids(f->run->makers.v);
	struct open *r;

	if (f->n == f->size)
		grow(f);
	r = row_at(f, f->n++);
	r->lineno = input_lineno(in);
	r->line = in->line;
	r->id = change ? c->id : slice_of(NULL, 0);
	r->action = change ? c->action : slice_of(NULL, 0);
	r->change = change ? c->change : slice_of(NULL, 0);
	memcpy(r->hex, ids.hex.p, sizeof(r->hex));
	r->due = f->run->makers.n;
	for (size_t i = 0; i < f->run->makers.n; i++)
		r->said[i].answer = WAITING;
}

static void keep(struct buf *b, struct slice *s)
{
	size_t at = b->n;

	buf_slice(b, *s);
	s->p = b->p + at;
}

void multi_keep(struct multi *f)
{
	struct open *r;

	if (f->n == 0)
		return; /* the row was written already */
	r = row_at(f, f->n - 1);
	r->kept.n = 0;
	buf_room(&r->kept, r->line.n + r->id.n + r->action.n + r->change.n);
	keep(&r->kept, &r->line);
	keep(&r->kept, &r->id);
	keep(&r->kept, &r->action);
	keep(&r->kept, &r->change);
}

/* ---- a row leaves ----------------------------------------------------- */

#define MESSAGE_ID "\"messageId\":\""

/* The length of a UUID, and of its start that all events of one change share.
 */
enum { UUID = 36, SHARED = CONTROL_FOUND_BY + 4 };

/* Writes event i of n. Its messageId was made for its mapping alone and is
 * replaced here. A row's value cannot contain the text that is searched for,
 * because its quotes would be escaped. A messageId that a jq program returned
 * is not changed.
 */
static void put_event(struct multi *f, struct slice event, uint64_t i,
		      uint64_t n)
{
	struct buf *out = writer_buf(f->run->leaving.out);
	const char *at = memmem(event.p, event.n, f->ours.p, f->ours.n);
	const char *from = at ? at + f->ours.n + (UUID - SHARED) : NULL;
	const char *end = NULL;

	if (from && from < event.p + event.n)
		end = memchr(from, '"', event.n - (size_t)(from - event.p));
	if (!end) {
		buf_slice(out, event);
		return;
	}
	buf_add(out, event.p, (size_t)(from - event.p));
	control_part(out, i, n);
	buf_add(out, end, event.n - (size_t)(end - event.p));
}

/* Writes the events of one kind. *i of n are written already. */
static void put_kind(struct multi *f, const struct open *r, enum answer kind,
		     uint64_t *i, uint64_t n)
{
	struct buf *out = writer_buf(f->run->leaving.out);

	for (size_t k = 0; k < f->run->makers.n; k++) {
		struct slice text = buf_all(&r->said[k].text);

		if (r->said[k].answer != kind)
			continue;
		while (text.n > 0) {
			const char *lf = memchr(text.p, '\n', text.n);
			size_t len = lf ? (size_t)(lf - text.p) : text.n;

			if (*i > 0)
				buf_char(out, '\n');
			put_event(f, slice_of(text.p, len), ++*i, n);
			len += lf != NULL;
			text = slice_of(text.p + len, text.n - len);
		}
	}
}

static void put_events(struct multi *f, const struct open *r, uint64_t n)
{
	uint64_t i = 0;

	f->ours.n = 0;
	buf_str(&f->ours, MESSAGE_ID);
	control_message_id(&f->ours, slice_of(r->hex, sizeof(r->hex)), 0, 1, 1);
	f->ours.n -= UUID - SHARED;
	put_kind(f, r, REMOVAL, &i, n);
	put_kind(f, r, EVENTS, &i, n);
}

/* Whether the delete of mapping k is not needed: another mapping still makes an
 * event of the same user, or an earlier one deletes it.
 */
static bool is_needless(const struct multi *f, const struct open *r, size_t k)
{
	const struct maker *m = f->run->makers.v;

	for (size_t i = 0; i < f->run->makers.n; i++) {
		if ((r->said[i].answer == EVENTS ||
		     (r->said[i].answer == REMOVAL && i < k)) &&
		    removal_same(&m[i].m, &m[k].m))
			return true;
	}
	return false;
}

/* The reason why the row has no event, or that there are several. */
static const char *reason(struct multi *f, const struct open *r)
{
	const struct said *first = &r->said[0];

	f->why.n = 0;
	for (size_t k = 0; k < f->run->makers.n; k++) {
		const struct said *s = &r->said[k];

		if (s->answer != REJECT)
			continue;
		buf_fmt(&f->why, "mapping %zu: ", k + 1);
		buf_slice(&f->why, buf_all(&s->text));
		return buf_cstr(&f->why);
	}
	for (size_t k = 1; k < f->run->makers.n; k++) {
		if (!slice_eq(buf_all(&r->said[k].text), buf_all(&first->text)))
			return "no mapping makes an event from it";
	}
	buf_slice(&f->why, buf_all(&first->text));
	return buf_cstr(&f->why);
}

static int note_row(struct multi *f, const struct open *r, bool rejected,
		    bool lost, struct err *e)
{
	const struct control_note note = {
		.type = rejected ? "reject" : "skip",
		.stage = "map",
		.line = r->lineno,
		.reason = reason(f, r),
		.id = r->id,
		.action = r->action,
		.change = r->change,
		.record = rejected ? r->line : slice_of(NULL, 0),
	};

	return output_row_note(f->run, &note, r->line, lost, e);
}

static int leave(struct multi *f, const struct open *r, struct err *e)
{
	const struct control_note note = {
		.line = r->lineno,
		.id = r->id,
		.action = r->action,
		.change = r->change,
	};
	bool rejected = false, lost = false, removed = false;
	uint64_t n = 0;

	for (size_t k = 0; k < f->run->makers.n; k++) {
		struct said *s = &r->said[k];

		if ((s->answer == REMOVAL || s->answer == KEPT) &&
		    is_needless(f, r, k))
			s->answer = SKIP;
		if (s->answer == KEPT)
			s->answer = REJECT;
		rejected = rejected || s->answer == REJECT;
		lost = lost || s->answer == LOST;
		removed = removed || s->answer == REMOVAL;
		if (s->answer == EVENTS || s->answer == REMOVAL)
			n += s->n;
	}
	if (rejected || n == 0)
		return note_row(f, r, rejected, lost, e);
	put_events(f, r, n);
	if (removed)
		return output_removed(f->run, &note, r->line, n, e);
	f->run->leaving.events += n;
	return output_emit(f->run, r->line, e);
}

/* ---- answers ---------------------------------------------------------- */

static struct said *next_of(struct multi *f, const struct maker *m)
{
	size_t k = (size_t)(m - f->run->makers.v);
	struct open *r = row_at(f, (size_t)(f->next[k]++ - f->left));

	r->due--;
	return &r->said[k];
}

static int leave_all(struct multi *f, struct err *e)
{
	while (f->n > 0 && row_at(f, 0)->due == 0) {
		if (leave(f, row_at(f, 0), e) < 0)
			return -1;
		f->head = (f->head + 1) & (f->size - 1);
		f->n--;
		f->left++;
	}
	return 0;
}

static int made(struct multi *f, struct maker *m, enum answer answer,
		uint64_t n, struct err *e)
{
	struct said *s = next_of(f, m);
	struct buf spare = s->text;

	s->answer = answer;
	s->n = n;
	s->text = m->made;
	m->made = spare;
	m->made.n = 0;
	return leave_all(f, e);
}

int multi_made(struct multi *f, struct maker *m, uint64_t n, struct err *e)
{
	return made(f, m, EVENTS, n, e);
}

int multi_removed(struct multi *f, struct maker *m, uint64_t n, struct err *e)
{
	return made(f, m, REMOVAL, n, e);
}

int multi_note(struct multi *f, const struct maker *m,
	       const struct control_note *note, bool lost, struct err *e)
{
	struct said *s = next_of(f, m);

	if (strcmp(note->type, "skip") == 0)
		s->answer = lost ? LOST : SKIP;
	else
		s->answer = lost ? KEPT : REJECT;
	s->text.n = 0;
	buf_str(&s->text, note->reason);
	return leave_all(f, e);
}
