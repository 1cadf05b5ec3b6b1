#include "map/shell.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/span.h"
#include "wire/control.h"
#include "wire/json.h"

static const struct slice names[SHELL_MEMBERS] = {
	[SHELL_ACTION] = {"action", 6},
	[SHELL_ANONYMOUS_ID] = {"anonymousId", 11},
	[SHELL_CHANNEL] = {"channel", 7},
	[SHELL_CONTEXT] = {"context", 7},
	[SHELL_MESSAGE_ID] = {"messageId", 9},
	[SHELL_RECORD_ID] = {"recordId", 8},
	[SHELL_TYPE] = {"type", 4},
	[SHELL_USER_ID] = {"userId", 6},
};

void shell_clear(struct shell *s)
{
	buf_clear(&s->text);
	free(s->part);
	*s = (struct shell){0};
}

void shell_begin(struct shell *s)
{
	s->text.n = 0;
	s->n = 0;
	memset(s->known, 0, sizeof(s->known));
}

static enum shell_member member_of(struct slice name)
{
	for (size_t i = 0; i < SHELL_MEMBERS; i++) {
		if (name.n == names[i].n && *name.p == *names[i].p &&
		    memcmp(name.p, names[i].p, name.n) == 0)
			return (enum shell_member)i;
	}
	return SHELL_MEMBERS;
}

static void end_part(struct shell *s)
{
	struct shell_part *p = &s->part[s->n - 1];

	p->n = s->text.n - p->at;
}

static struct buf *new_part(struct shell *s, struct slice name)
{
	if (s->n > 0 && s->part[s->n - 1].n == 0)
		end_part(s);
	if (s->n == s->size) {
		s->size = s->size ? 2 * s->size : 16;
		s->part = mem_resize(s->part, s->size * sizeof(*s->part));
	}
	s->part[s->n++] = (struct shell_part){.name = name, .at = s->text.n};
	return &s->text;
}

struct buf *shell_part(struct shell *s, struct slice name)
{
	enum shell_member member = name.n > 0 ? member_of(name) : SHELL_MEMBERS;

	if (member < SHELL_MEMBERS)
		s->known[member] = s->n + 1;
	return new_part(s, name);
}

static struct shell_part *find(struct shell *s, enum shell_member member)
{
	return s->known[member] ? &s->part[s->known[member] - 1] : NULL;
}

static struct slice text_of(const struct shell *s, const struct shell_part *p)
{
	return slice_of(s->text.p + p->at, p->n);
}

/* A member that is added; to be followed by end_part. */
static struct buf *add(struct shell *s, enum shell_member member)
{
	s->known[member] = s->n + 1;
	return new_part(s, names[member]);
}

static void add_text(struct shell *s, enum shell_member member,
		     struct slice json)
{
	if (find(s, member))
		return;
	buf_slice(add(s, member), json);
	end_part(s);
}

static void add_string(struct shell *s, enum shell_member member,
		       struct slice text)
{
	if (find(s, member))
		return;
	json_string(add(s, member), text);
	end_part(s);
}

/* Whether a member is there and a string that is not empty. */
static bool is_text(struct shell *s, enum shell_member member)
{
	struct shell_part *p = find(s, member);

	return p && s->text.p[p->at] == '"' && p->n > 2;
}

static bool is_record(struct shell *s)
{
	struct shell_part *p = find(s, SHELL_TYPE);

	return p && slice_is(text_of(s, p), "\"record\"");
}

/* The last part goes to the place of one that is left out. */
static void drop(struct shell *s, enum shell_member member)
{
	size_t at = s->known[member] - 1;

	s->n--;
	for (size_t i = 0; i < SHELL_MEMBERS; i++) {
		if (s->known[i] == s->n + 1)
			s->known[i] = at + 1;
	}
	s->part[at] = s->part[s->n];
	s->known[member] = 0;
}

/* An identifier that the program gave as a string, or a number made one; null
 * is none. Else the row's.
 */
static int set_identifier(struct shell *s, enum shell_member member,
			  struct slice json)
{
	struct shell_part *p = find(s, member);
	char first = p ? s->text.p[p->at] : 'n';

	if (first == '"')
		return 0;
	if (first == '-' || (first >= '0' && first <= '9')) {
		size_t at = s->text.n;

		buf_room(&s->text, p->n + 2);
		buf_char(&s->text, '"');
		buf_add(&s->text, s->text.p + p->at, p->n);
		buf_char(&s->text, '"');
		p->at = at;
		p->n += 2;
		return 0;
	}
	if (first != 'n')
		return -1;
	if (p)
		drop(s, member);
	if (json.n > 0)
		add_text(s, member, json);
	return 0;
}

static bool has_sources(struct slice context)
{
	struct span inside = span_open(context);
	struct slice key, value;

	while (span_member(&inside, &key, &value)) {
		if (slice_is(key, "sources"))
			return true;
	}
	return false;
}

static int set_context(struct shell *s, struct slice sources)
{
	struct shell_part *p = find(s, SHELL_CONTEXT);
	struct buf *b = &s->text;
	size_t at = b->n;
	bool empty;

	if (!p) {
		add(s, SHELL_CONTEXT);
		buf_str(b, "{\"sources\":");
		buf_slice(b, sources);
		buf_char(b, '}');
		end_part(s);
		return 0;
	}
	if (b->p[p->at] != '{')
		return -1;
	if (has_sources(text_of(s, p)))
		return 0;
	empty = p->n == 2;
	buf_room(b, p->n);
	buf_add(b, b->p + p->at, p->n - 1);
	buf_str(b, empty ? "\"sources\":" : ",\"sources\":");
	buf_slice(b, sources);
	buf_char(b, '}');
	p->at = at;
	p->n = b->n - at;
	return 0;
}

static void add_message_id(struct shell *s, struct slice id, size_t i, size_t n)
{
	struct buf *b = &s->text;

	if (find(s, SHELL_MESSAGE_ID))
		return;
	add(s, SHELL_MESSAGE_ID);
	buf_char(b, '"');
	control_message_id(b, id, i, n);
	buf_char(b, '"');
	end_part(s);
}

/* What an event must have: NULL, or what it lacks. */
static const char *complete(struct shell *s, const struct shell_row *r,
			    const struct shell_event *d, size_t i, size_t n)
{
	if (r->change &&
	    (s->known[SHELL_MESSAGE_ID] || s->known[SHELL_RECORD_ID]))
		return "the program sets messageId or recordId, which a "
		       "change has already";
	if (set_context(s, d->sources) < 0)
		return "the event's context is no object";
	add_text(s, SHELL_CHANNEL, slice_of("\"sources\"", 9));
	add_message_id(s, r->id, i, n);
	add_text(s, SHELL_RECORD_ID, r->record);
	if (d->type)
		add_string(s, SHELL_TYPE, slice_str(d->type));
	if (!is_text(s, SHELL_TYPE))
		return "the event has no type";
	if (is_record(s))
		add_string(s, SHELL_ACTION,
			   r->action.n > 0 ? r->action : slice_str("insert"));
	if (!is_text(s, SHELL_MESSAGE_ID) || !is_text(s, SHELL_RECORD_ID))
		return "the event's messageId or recordId is no string";
	if (set_identifier(s, SHELL_USER_ID, r->user_id) < 0 ||
	    set_identifier(s, SHELL_ANONYMOUS_ID, r->anonymous_id) < 0)
		return "the user id is neither string nor number";
	if (!is_text(s, SHELL_USER_ID) && !is_text(s, SHELL_ANONYMOUS_ID) &&
	    !is_record(s))
		return "no user id";
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct shell_part *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int c = memcmp(x->name.p, y->name.p, n);

	return c != 0 ? c : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

enum { FEW = 24 };

static void sort(struct shell_part *part, size_t n)
{
	if (n > FEW) {
		qsort(part, n, sizeof(*part), by_name);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct shell_part p = part[i];
		size_t to = i;

		for (; to > 0 && by_name(&p, &part[to - 1]) < 0; to--)
			part[to] = part[to - 1];
		part[to] = p;
	}
}

const char *shell_write(struct shell *s, const struct shell_row *r,
			const struct shell_event *event, size_t i, size_t n,
			struct buf *out)
{
	const char *why;

	if (s->n > 0)
		end_part(s);
	why = complete(s, r, event, i, n);
	if (why)
		return why;
	sort(s->part, s->n);
	buf_char(out, '{');
	for (size_t k = 0; k < s->n; k++) {
		if (k > 0)
			buf_char(out, ',');
		json_string(out, s->part[k].name);
		buf_char(out, ':');
		buf_slice(out, text_of(s, &s->part[k]));
	}
	buf_str(out, "}\n");
	return NULL;
}
