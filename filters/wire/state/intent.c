#include "wire/state/intent.h"

#include <stdlib.h>

#include "core/mem.h"
#include "wire/state/journal.h"

const char intent_magic[8] = "RudPend";

/* Frames with records of older formats, which diff/state/pending.c reads. */
enum { OLD_1 = 2, OLD_2 = 3, OLD_3 = 5 };

struct hash intent_id(struct hash key, struct hash row, uint64_t version,
		      uint64_t action, uint64_t seed)
{
	struct {
		struct hash key, row;
		uint64_t version, action;
	} of = {key, row, version, action};
	struct hash h = hash_bytes(&of, sizeof(of), seed);

	/* RFC 9562, 5.8: version 8 and variant 10 in their places */
	h.hi = (h.hi & ~(uint64_t)0xf000) | 0x8000;
	h.lo = (h.lo & ~((uint64_t)3 << 62)) | (uint64_t)2 << 62;
	return h;
}

uint64_t intent_seed(const struct intent_head *h)
{
	uint64_t salt;

	memcpy(&salt, h->run + INTENT_RUN - sizeof(salt), sizeof(salt));
	/* 0.1 allowed run ids that are longer than that */
	return h->run[INTENT_RUN - sizeof(salt) - 1] ? h->seed : h->seed ^ salt;
}

static void add(struct intent_set *s, uint64_t id)
{
	if (s->n == s->size) {
		s->size += s->size / 2 + 1024;
		s->id = mem_resize(s->id, s->size * sizeof(*s->id));
	}
	s->id[s->n++] = id;
}

static bool take(struct slice *from, void *to, size_t n)
{
	if (from->n < n)
		return false;
	memcpy(to, from->p, n);
	*from = slice_of(from->p + n, from->n - n);
	return true;
}

int intent_parse(struct slice *list, struct intent_view *v)
{
	struct slice left = *list;
	size_t n;

	if (left.n == 0)
		return 0;
	*v = (struct intent_view){.salt = 0};
	if (!take(&left, &v->r, sizeof(v->r)) ||
	    ((v->r.bits & INTENT_SALTED) &&
	     !take(&left, &v->salt, sizeof(v->salt))) ||
	    ((v->r.bits & INTENT_KEPT) &&
	     !take(&left, &v->kept, sizeof(v->kept))))
		return -1;
	v->text = left.p;
	v->text_n = v->r.bits >> INTENT_LENGTH & INTENT_TEXT;
	n = (size_t)v->text_n + v->kept.n;
	if (v->text_n == 0 || n > left.n)
		return -1;
	*list = slice_of(left.p + n, left.n - n);
	return 1;
}

/* Whether all of the list were valid records. */
static bool add_records(struct intent_set *s, struct slice list, uint64_t seed)
{
	struct intent_view v;
	int rc;

	while ((rc = intent_parse(&list, &v)) > 0)
		add(s, intent_id(v.r.key, v.r.row, v.r.version,
				 v.r.bits & INTENT_ACTION, seed ^ v.salt)
			       .hi);
	return rc == 0;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int read_all(struct intent_set *s, struct journal_file *f, bool *old,
		    struct err *e)
{
	struct intent_head h;
	struct slice frame;
	uint64_t type;
	int rc;

	if (f->head.n < sizeof(h))
		goto damaged;
	memcpy(&h, f->head.p, sizeof(h));
	while ((rc = journal_next(f, &frame, e)) > 0) {
		if (frame.n < sizeof(type))
			goto damaged;
		memcpy(&type, frame.p, sizeof(type));
		*old |= type == OLD_1 || type == OLD_2 || type == OLD_3;
		frame = slice_of(frame.p + sizeof(type),
				 frame.n - sizeof(type));
		if (type == INTENT_FRAME &&
		    !add_records(s, frame, intent_seed(&h)))
			goto damaged;
	}
	return rc;
damaged:
	return err_names(e, ERR_CONFIG,
			 "'%s' is damaged; see 'damaged state' in "
			 "rudder-sync(7)",
			 f->path);
}

int intent_set_load(struct intent_set *s, const char *path, struct err *e)
{
	struct journal_file f;
	bool old = false;
	int rc;

	*s = (struct intent_set){.n = 0};
	rc = journal_open(&f, path, intent_magic, e);
	if (rc < 0)
		return -1;
	s->id = mem_resize(NULL, sizeof(*s->id)); /* an empty set */
	s->size = 1;
	if (rc > 0) {
		rc = read_all(s, &f, &old, e);
		journal_forget(&f);
	}
	if (rc < 0 || old) {
		intent_set_clear(s);
		return rc;
	}
	qsort(s->id, s->n, sizeof(*s->id), by_value);
	return 0;
}

bool intent_set_has(const struct intent_set *s, uint64_t first)
{
	return !s->id || (s->n > 0 && bsearch(&first, s->id, s->n,
					      sizeof(*s->id), by_value));
}

void intent_set_clear(struct intent_set *s)
{
	free(s->id);
	*s = (struct intent_set){.n = 0};
}
