#include "diff/pending.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"

enum { MARK = 1, INTENTS = 2, RUN_SIZE = 64 };

static const char magic[8] = "RudPend";

struct head {
	uint64_t seed;
	char run[RUN_SIZE]; /* padded with NUL */
};

struct record {
	struct hash key, row;
	uint32_t version, text_n;
	uint8_t action, doubt, reserved[6];
};

const char *pending_word(enum pending_action a)
{
	static const char *const word[] = {
		[PENDING_INSERT] = "insert",
		[PENDING_UPDATE] = "update",
		[PENDING_DELETE] = "delete",
	};

	return word[a];
}

struct hash pending_id(const struct intent *i, uint64_t seed)
{
	struct {
		struct hash key, row;
		uint64_t version, action;
	} of = {i->key, i->row, i->version, i->action};
	struct hash h = hash_bytes(&of, sizeof(of), seed);

	/* RFC 9562, 5.8: version 8 and variant 10 in their places */
	h.hi = (h.hi & ~(uint64_t)0xf000) | 0x8000;
	h.lo = (h.lo & ~((uint64_t)3 << 62)) | (uint64_t)2 << 62;
	return h;
}

void pending_hex(struct hash id, char hex[32])
{
	static const char digit[] = "0123456789abcdef";

	for (int i = 0; i < 16; i++) {
		hex[i] = digit[id.hi >> (60 - 4 * i) & 15];
		hex[16 + i] = digit[id.lo >> (60 - 4 * i) & 15];
	}
}

static uint64_t unhex(const char *hex)
{
	uint64_t v = 0;

	for (int i = 0; i < 16; i++)
		v = v << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0'
						      : hex[i] - 'a' + 10);
	return v;
}

struct hash pending_unhex(const char hex[32])
{
	return (struct hash){.hi = unhex(hex), .lo = unhex(hex + 16)};
}

static int damaged(const struct pending *p, struct err *e)
{
	return err_set(e, ERR_CONFIG,
		       "'%s' is damaged; see 'damaged state' in "
		       "rudder-sync(7)",
		       p->file.path);
}

int pending_parse(struct slice *list, struct intent *i)
{
	struct record r;

	if (list->n == 0)
		return 0;
	if (list->n < sizeof(r))
		return -1;
	memcpy(&r, list->p, sizeof(r));
	*list = slice_of(list->p + sizeof(r), list->n - sizeof(r));
	if (r.text_n == 0 || r.text_n > list->n || r.action > PENDING_DELETE)
		return -1;
	*i = (struct intent){
		.key = r.key,
		.row = r.row,
		.text = list->p,
		.text_n = r.text_n,
		.version = r.version,
		.action = r.action,
		.doubt = r.doubt,
	};
	*list = slice_of(list->p + r.text_n, list->n - r.text_n);
	return 1;
}

/* The intents of one frame; *n counts them. */
static int scan_frame(struct pending *p, struct slice list, size_t *n,
		      pending_each_fn *each, void *ctx, struct err *e)
{
	struct intent i;
	int rc;

	for (;;) {
		const char *from = list.p;

		rc = pending_parse(&list, &i);
		if (rc < 0)
			return damaged(p, e);
		if (rc == 0)
			return 0;
		if (each(ctx, &i, slice_of(from, (size_t)(list.p - from)), e) <
		    0)
			return -1;
		++*n;
	}
}

int pending_scan(struct pending *p, pending_each_fn *each, void *ctx,
		 struct err *e)
{
	struct slice payload;
	size_t n = 0;
	int rc;

	while ((rc = journal_next(&p->file, &payload, e)) > 0) {
		uint64_t type;

		if (payload.n < sizeof(type))
			return damaged(p, e);
		memcpy(&type, payload.p, sizeof(type));
		if (type == MARK) {
			p->marked = n;
			continue;
		}
		payload = slice_of(payload.p + sizeof(type),
				   payload.n - sizeof(type));
		if (type != INTENTS)
			return damaged(p, e);
		if (scan_frame(p, payload, &n, each, ctx, e) < 0)
			return -1;
	}
	p->valid = p->file.at;
	return rc;
}

int pending_open(struct pending *p, const char *path, struct err *e)
{
	struct head h;
	int rc;

	*p = (struct pending){0};
	rc = journal_open(&p->file, path, magic, e);
	if (rc <= 0)
		return rc;
	if (p->file.head.n < sizeof(h)) {
		damaged(p, e);
		pending_clear(p);
		return -1;
	}
	memcpy(&h, p->file.head.p, sizeof(h));
	p->seed = h.seed;
	p->run = slice_of(p->file.head.p + offsetof(struct head, run),
			  strnlen(h.run, RUN_SIZE));
	p->columns = slice_of(p->file.head.p + sizeof(h),
			      p->file.head.n - sizeof(h));
	return 1;
}

struct loading {
	struct pending *p;
	size_t size;
};

static int keep(void *ctx, const struct intent *i, struct slice record,
		struct err *e)
{
	struct loading *l = ctx;
	struct pending *p = l->p;

	(void)record;
	(void)e;
	if (p->n == l->size) {
		l->size = l->size ? 2 * l->size : 256;
		p->intent = mem_resize(p->intent, l->size * sizeof(*p->intent));
	}
	p->intent[p->n++] = *i;
	return 0;
}

int pending_load(struct pending *p, const char *path, struct err *e)
{
	struct loading l = {.p = p};
	int rc = pending_open(p, path, e);

	if (rc <= 0)
		return rc;
	if (pending_scan(p, keep, &l, e) < 0) {
		pending_clear(p);
		return -1;
	}
	for (size_t i = 0; i < p->marked; i++)
		p->intent[i].doubt = true;
	return 1;
}

void pending_clear(struct pending *p)
{
	free(p->intent);
	journal_forget(&p->file);
	*p = (struct pending){0};
}

int pending_create(struct journal *j, const char *path, uint64_t seed,
		   struct slice run, struct slice columns, struct err *e)
{
	struct head h = {.seed = seed};
	struct buf b = {0};
	int rc;

	memcpy(h.run, run.p, run.n < RUN_SIZE ? run.n : RUN_SIZE);
	buf_add(&b, &h, sizeof(h));
	buf_slice(&b, columns);
	rc = journal_create(j, path, magic, buf_all(&b), e);
	buf_clear(&b);
	return rc;
}

static void start_frame(struct journal *j, uint64_t type)
{
	if (!journal_waiting(j))
		buf_add(journal_frame(j), &type, sizeof(type));
}

int pending_mark(struct journal *j, struct err *e)
{
	start_frame(j, MARK);
	return journal_flush(j, true, e);
}

void pending_add(struct journal *j, const struct intent *i)
{
	struct record r = {
		.key = i->key,
		.row = i->row,
		.version = i->version,
		.text_n = i->text_n,
		.action = (uint8_t)i->action,
		.doubt = i->doubt,
	};

	start_frame(j, INTENTS);
	buf_add(journal_frame(j), &r, sizeof(r));
	buf_add(journal_frame(j), i->text, i->text_n);
}

int pending_begin(struct pending_new *n, const struct pending *like,
		  const char *path, struct err *e)
{
	*n = (struct pending_new){.path = path, .j = {.fd = -1}};
	buf_fmt(&n->temp, "%s.new", path);
	return pending_create(&n->j, buf_cstr(&n->temp), like->seed, like->run,
			      like->columns, e);
}

int pending_more(struct pending_new *n, struct err *e)
{
	enum { FRAME_FULL = 4 * 1024 * 1024 };

	return journal_frame(&n->j)->n > FRAME_FULL
		       ? journal_flush(&n->j, false, e)
		       : 0;
}

int pending_done(struct pending_new *n, struct err *e)
{
	if (journal_flush(&n->j, true, e) < 0)
		return -1;
	return file_rename(n->temp.p, n->path, e);
}

void pending_drop(struct pending_new *n)
{
	journal_close(&n->j);
	buf_clear(&n->temp);
}

int pending_remove(const char *path, struct err *e)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return err_sys(e, ERR_IO, "cannot remove '%s'", path);
	return 0;
}

int pending_replace(const struct pending *p, const struct intent *const *open,
		    size_t n, const char *path, struct err *e)
{
	struct pending_new new;
	int rc;

	if (n == 0)
		return pending_remove(path, e);
	rc = pending_begin(&new, p, path, e);
	for (size_t i = 0; i < n && rc == 0; i++) {
		pending_add(&new.j, open[i]);
		rc = pending_more(&new, e);
	}
	if (rc == 0)
		rc = pending_done(&new, e);
	pending_drop(&new);
	return rc;
}
