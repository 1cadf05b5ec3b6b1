#include "diff/state/pending.h"

#include <errno.h>
#include <unistd.h>

#include "core/num.h"
#include "diff/state/pending_frames.h"
#include "wire/state/intent.h"

struct old_record {
	struct hash key, row;
	uint32_t version, text_n;
	uint8_t action, doubt, reserved[6];
	/* not in PENDING_FRAME_INTENTS_1 */
	uint32_t kept_n, keep_sum;
	/* not in PENDING_FRAME_INTENTS_2 */
	uint64_t line;
};

/* The record formats of older frames. A position in the file is its offset
 * times FORMS, plus the index of the record format there.
 */
enum { FORMS = 4 };

static const struct {
	uint64_t frame;
	size_t size;
} forms[] = {
	{PENDING_FRAME_INTENTS_1, offsetof(struct old_record, kept_n)},
	{PENDING_FRAME_INTENTS_2, offsetof(struct old_record, line)},
	{PENDING_FRAME_INTENTS_3, sizeof(struct old_record)},
	{PENDING_FRAME_INTENTS, 0},
};

const char *pending_word(enum pending_action a)
{
	static const char *const word[] = {
		[PENDING_INSERT] = "insert",
		[PENDING_UPDATE] = "update",
		[PENDING_DELETE] = "delete",
		[PENDING_SAME] = "same",
	};

	return word[a];
}

struct hash pending_id_salted(const struct intent *i, uint64_t salt,
			      uint64_t seed)
{
	return intent_id(i->key, i->row, i->version, i->action, seed ^ salt);
}

struct hash pending_id(const struct intent *i, uint64_t seed)
{
	return pending_id_salted(i, i->salt, seed);
}

void pending_hex(struct hash id, char hex[32])
{
	num_to_hex(id.hi, hex);
	num_to_hex(id.lo, hex + 16);
}

struct hash pending_unhex(const char hex[32])
{
	struct hash h;

	if (num_hex(hex, &h.hi) < 0 || num_hex(hex + 16, &h.lo) < 0)
		return (struct hash){0};
	return h;
}

static int damaged(const struct pending *p, struct err *e)
{
	return err_names(e, ERR_CONFIG,
			 "'%s' is damaged; see 'damaged state' in "
			 "rudder-sync(7)",
			 p->file.path);
}

static int parse_old(struct slice *list, size_t size, struct intent *i)
{
	struct old_record r = {.kept_n = 0};

	if (list->n == 0)
		return 0;
	if (list->n < size)
		return -1;
	memcpy(&r, list->p, size);
	*list = slice_of(list->p + size, list->n - size);
	if (r.text_n == 0 || r.text_n > list->n ||
	    r.kept_n > list->n - r.text_n || r.action > PENDING_SAME)
		return -1;
	*i = (struct intent){
		.key = r.key,
		.row = r.row,
		.line = r.line,
		.text = list->p,
		.kept = list->p + r.text_n,
		.text_n = r.text_n,
		.kept_n = r.kept_n,
		.keep_sum = r.keep_sum,
		.version = r.version,
		.action = r.action,
		.doubt = r.doubt,
	};
	*list = slice_of(list->p + r.text_n + r.kept_n,
			 list->n - r.text_n - r.kept_n);
	return 1;
}

/* Parses the usual record, which has neither a salt nor values. */
static ALWAYS_INLINE bool parse_plain(struct slice *list, struct intent *i)
{
	struct intent_record r;
	size_t text_n, n;

	if (UNLIKELY(list->n < sizeof(r)))
		return false;
	memcpy(&r, list->p, sizeof(r));
	text_n = r.bits >> INTENT_LENGTH & INTENT_TEXT;
	n = sizeof(r) + text_n;
	if (UNLIKELY((r.bits & (INTENT_SALTED | INTENT_KEPT)) != 0 ||
		     text_n == 0 || n > list->n))
		return false;
	*i = (struct intent){
		.key = r.key,
		.row = r.row,
		.line = r.line,
		.text = list->p + sizeof(r),
		.kept = list->p + n,
		.text_n = (uint32_t)text_n,
		.version = r.version,
		.action = r.bits & INTENT_ACTION,
		.doubt = (r.bits & INTENT_DOUBT) != 0,
	};
	*list = slice_of(list->p + n, list->n - n);
	return true;
}

int pending_parse(struct slice *list, struct intent *i)
{
	struct intent_view v;
	int rc;

	if (LIKELY(parse_plain(list, i)))
		return 1;
	rc = intent_parse(list, &v);
	if (rc <= 0)
		return rc;
	*i = (struct intent){
		.key = v.r.key,
		.row = v.r.row,
		.line = v.r.line,
		.salt = v.salt,
		.text = v.text,
		.kept = v.text + v.text_n,
		.text_n = v.text_n,
		.kept_n = v.kept.n,
		.keep_sum = v.kept.sum,
		.version = v.r.version,
		.action = v.r.bits & INTENT_ACTION,
		.doubt = (v.r.bits & INTENT_DOUBT) != 0,
	};
	return 1;
}

/* The next record of a frame, with its position. */
static int parse_in(const struct pending *p, struct slice *list, unsigned form,
		    struct intent *i)
{
	const char *from = list->p;
	size_t size = forms[form].size;
	int rc = size > 0 ? parse_old(list, size, i) : pending_parse(list, i);

	if (rc > 0)
		i->at = (uint64_t)(from - p->file.map.p) * FORMS + form;
	return rc;
}

/* Passes the intents of one frame to each. */
struct scanning {
	struct pending *p;
	pending_each_fn *each;
	void *ctx;
};

static int scan_intents(struct scanning *s, struct slice list, unsigned form,
			struct err *e)
{
	struct pending *p = s->p;
	struct intent i;
	int rc;

	while ((rc = parse_in(p, &list, form, &i)) > 0) {
		if (s->each(s->ctx, &i, e) < 0)
			return -1;
		p->n++;
		p->n_same += i.action == PENDING_SAME;
	}
	return rc < 0 ? damaged(p, e) : 0;
}

static int scan_notes(struct pending *p, struct slice list, struct err *e)
{
	if (list.n < PENDING_ATTEMPT)
		return damaged(p, e);
	memset(p->note, 0, sizeof(p->note));
	memset(p->has_note, 0, sizeof(p->has_note));
	p->attempt = slice_of(list.p, PENDING_ATTEMPT);
	list = slice_of(list.p + PENDING_ATTEMPT, list.n - PENDING_ATTEMPT);
	while (list.n > 0) {
		struct pending_note x;

		if (list.n < sizeof(x))
			return damaged(p, e);
		memcpy(&x, list.p, sizeof(x));
		list = slice_of(list.p + sizeof(x), list.n - sizeof(x));
		if (x.number >= SNAPSHOT_NOTES || x.n > list.n)
			return damaged(p, e);
		p->has_note[x.number] = true;
		p->note[x.number] = slice_of(list.p, x.n);
		list = slice_of(list.p + x.n, list.n - x.n);
	}
	return 0;
}

static int scan_owed(struct pending *p, struct slice payload, struct err *e)
{
	if (payload.n != sizeof(p->owed))
		return damaged(p, e);
	memcpy(&p->owed, payload.p, sizeof(p->owed));
	p->owed_at = p->file.at * FORMS;
	return 0;
}

/* The record format of a frame, or FORMS if it has no intents. */
static unsigned form_of(uint64_t frame)
{
	unsigned form = 0;

	while (form < COUNT_OF(forms) && forms[form].frame != frame)
		form++;
	return form < COUNT_OF(forms) ? form : FORMS;
}

static int scan_frame(struct scanning *s, uint64_t type, struct slice payload,
		      struct err *e)
{
	struct pending *p = s->p;

	if (form_of(type) != FORMS)
		return scan_intents(s, payload, form_of(type), e);
	switch (type) {
	case PENDING_FRAME_MARK:
		p->marked = p->n;
		p->mark = p->file.at * FORMS;
		return 0;
	case PENDING_FRAME_NOTES:
		return scan_notes(p, payload, e);
	case PENDING_FRAME_OWED:
		return scan_owed(p, payload, e);
	default:
		return err_names(
			e, ERR_CONFIG,
			"'%s' is damaged, or was written by a newer "
			"rudder-diff; see 'damaged state' in rudder-sync(7)",
			p->file.path);
	}
}

/* Takes the type from the payload of a frame; 0 if it has none. */
static uint64_t type_of(struct slice *payload)
{
	uint64_t type;

	if (payload->n < sizeof(type))
		return 0;
	memcpy(&type, payload->p, sizeof(type));
	*payload =
		slice_of(payload->p + sizeof(type), payload->n - sizeof(type));
	return type;
}

int pending_scan_frame(struct pending *p, pending_each_fn *each, void *ctx,
		       struct err *e)
{
	struct scanning s = {p, each, ctx};
	struct slice payload;
	int rc = journal_next(&p->file, &payload, e);
	uint64_t type;

	p->valid = p->file.at;
	if (rc <= 0)
		return rc;
	type = type_of(&payload);
	if (type == 0)
		return damaged(p, e);
	return scan_frame(&s, type, payload, e) < 0 ? -1 : 1;
}

int pending_scan(struct pending *p, pending_each_fn *each, void *ctx,
		 struct err *e)
{
	int rc;

	p->n = p->n_same = 0;
	while ((rc = pending_scan_frame(p, each, ctx, e)) > 0)
		;
	return rc;
}

static void move(struct slice *x, const char *from, const char *to)
{
	if (x->n > 0)
		x->p = to + (x->p - from);
}

void pending_move(struct pending *p, const char *to, size_t n)
{
	const char *from = p->file.map.p;

	move(&p->file.head, from, to);
	move(&p->run, from, to);
	move(&p->columns, from, to);
	move(&p->attempt, from, to);
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++)
		move(&p->note[i], from, to);
	p->file.map.p = to;
	p->file.map.n = n;
}

void pending_walk(const struct pending *p, struct pending_walk *w)
{
	*w = (struct pending_walk){.p = p, .file = p->file};
	w->file.map.n = p->valid;
	if (p->valid > 0)
		w->file.at = (size_t)(p->file.head.p + p->file.head.n -
				      p->file.map.p);
}

/* An intent before the last mark is in doubt. */
static void set_doubt(const struct pending *p, struct intent *i)
{
	i->doubt = i->doubt || i->at < p->mark;
}

int pending_next(struct pending_walk *w, struct intent *i, struct err *e)
{
	struct slice payload;
	int rc;

	while (w->list.n == 0) {
		uint64_t type;

		if (w->file.at == w->file.map.n)
			return 0;
		rc = journal_next(&w->file, &payload, e);
		if (rc <= 0)
			return rc < 0 ? -1 : damaged(w->p, e);
		type = type_of(&payload);
		w->form = form_of(type);
		if (w->form != FORMS)
			w->list = payload;
	}
	rc = parse_in(w->p, &w->list, w->form, i);
	if (rc < 0)
		return damaged(w->p, e);
	set_doubt(w->p, i);
	return rc;
}

void pending_at(const struct pending *p, uint64_t at, struct intent *i)
{
	size_t offset = (size_t)(at / FORMS);
	struct slice list =
		slice_of(p->file.map.p + offset, p->file.map.n - offset);

	if (parse_in(p, &list, (unsigned)(at % FORMS), i) <= 0)
		*i = (struct intent){.at = at}; /* cannot happen: it was read */
	set_doubt(p, i);
}

void pending_touch(const struct pending *p, uint64_t at)
{
	const char *record = p->file.map.p + at / FORMS;

	__builtin_prefetch(record);
	__builtin_prefetch(record + 64);
}

static int take_head(struct pending *p, struct err *e)
{
	struct intent_head h;

	if (p->file.head.n < sizeof(h)) {
		damaged(p, e);
		pending_clear(p);
		return -1;
	}
	memcpy(&h, p->file.head.p, sizeof(h));
	p->seed = h.seed;
	p->ids = intent_seed(&h);
	p->run = slice_of(p->file.head.p + offsetof(struct intent_head, run),
			  strnlen(h.run, INTENT_RUN));
	p->columns = slice_of(p->file.head.p + sizeof(h),
			      p->file.head.n - sizeof(h));
	return 1;
}

int pending_open(struct pending *p, const char *path, struct err *e)
{
	int rc;

	*p = (struct pending){0};
	rc = journal_open(&p->file, path, intent_magic, e);
	return rc <= 0 ? rc : take_head(p, e);
}

int pending_open_fd(struct pending *p, int fd, const char *path, struct err *e)
{
	int rc;

	*p = (struct pending){0};
	rc = journal_open_fd(&p->file, fd, path, intent_magic, e);
	return rc <= 0 ? rc : take_head(p, e);
}

static int pass(void *ctx, const struct intent *i, struct err *e)
{
	(void)ctx;
	(void)i;
	(void)e;
	return 0;
}

int pending_read(struct pending *p, const char *path, struct err *e)
{
	int rc = pending_open(p, path, e);

	if (rc <= 0)
		return rc;
	if (pending_scan(p, pass, NULL, e) < 0) {
		pending_clear(p);
		return -1;
	}
	return 1;
}

void pending_clear(struct pending *p)
{
	journal_forget(&p->file);
	*p = (struct pending){0};
}
