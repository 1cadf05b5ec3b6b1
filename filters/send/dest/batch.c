#include "send/dest/batch.h"

#include <assert.h>
#include <stdlib.h>

#include "core/mem.h"

enum { FIRST_ITEMS = 64 };

struct batch *batch_new(void)
{
	return mem_zero(sizeof(struct batch));
}

void batch_free(struct batch *b)
{
	if (!b)
		return;
	buf_clear(&b->body);
	free(b->item);
	free(b);
}

void batch_reserve(struct batch *b, size_t bytes, size_t events)
{
	if (bytes > b->body.size) {
		b->body.p = mem_resize(b->body.p, bytes);
		b->body.size = bytes;
	}
	if (events > b->size) {
		b->item = mem_resize(b->item, events * sizeof(*b->item));
		b->size = events;
	}
}

void batch_reset(struct batch *b)
{
	if (b->most < batch_cost(b))
		b->most = batch_cost(b);
	b->body.n = 0;
	b->n = 0;
	b->born_ms = 0;
	b->closed = b->doubt = false;
	b->next = NULL;
}

size_t batch_bytes_with(const struct batch *b, const struct batch_frame *f,
			size_t n)
{
	size_t head =
		b->n > 0 ? b->body.n + strlen(f->between) : strlen(f->prefix);

	return head + n + strlen(f->suffix);
}

/* Position of a part of the event in the body; the event begins at base. */
static struct batch_text place(struct slice part, struct slice event,
			       size_t base)
{
	if (part.n == 0)
		return (struct batch_text){0};
	return (struct batch_text){
		.at = (uint32_t)(base + (size_t)(part.p - event.p)),
		.n = (uint32_t)part.n,
	};
}

void batch_add(struct batch *b, const struct batch_frame *f, struct slice event,
	       struct slice record, struct slice message, struct slice action)
{
	size_t base;

	assert(!b->closed && b->body.n + event.n < BATCH_MAX_BYTES);
	if (b->n == b->size) {
		b->size = b->size ? b->size * 2 : FIRST_ITEMS;
		b->item = mem_resize(b->item, b->size * sizeof(*b->item));
	}
	buf_str(&b->body, b->n > 0 ? f->between : f->prefix);
	base = b->body.n;
	buf_slice(&b->body, event);
	b->item[b->n++] = (struct batch_item){
		.event = {.at = (uint32_t)base, .n = (uint32_t)event.n},
		.record = place(record, event, base),
		.message = place(message, event, base),
		.action = place(action, event, base),
	};
}

void batch_close(struct batch *b, const struct batch_frame *f)
{
	assert(!b->closed);
	buf_str(&b->body, f->suffix);
	b->closed = true;
}

struct slice batch_range(const struct batch *b, const struct batch_frame *f,
			 size_t from, size_t to, struct buf *scratch)
{
	const struct batch_item *first = &b->item[from];
	const struct batch_item *last = &b->item[to - 1];
	size_t n = last->event.at + last->event.n - first->event.at;

	assert(b->closed && from < to && to <= b->n);
	if (from == 0 && to == b->n)
		return buf_all(&b->body);
	scratch->n = 0;
	buf_str(scratch, f->prefix);
	buf_add(scratch, b->body.p + first->event.at, n);
	buf_str(scratch, f->suffix);
	return buf_all(scratch);
}

static void move(struct batch_text *t, uint32_t from, uint32_t to)
{
	if (t->n > 0)
		t->at = t->at - from + to;
}

void batch_put_last(struct batch *b, size_t from, size_t to, const bool *last)
{
	size_t n = to - from, put = from, start, end, gap = 0;
	struct batch_item *was = mem_resize(NULL, n * sizeof(*was));
	char *text, *at;

	assert(b->closed && from < to && to <= b->n);
	memcpy(was, &b->item[from], n * sizeof(*was));
	start = was[0].event.at;
	end = was[n - 1].event.at + was[n - 1].event.n;
	if (n > 1)
		gap = was[1].event.at - start - was[0].event.n;
	text = mem_copy(b->body.p + start, end - start);
	at = b->body.p + start;
	for (size_t i = 0; i < 2 * n; i++) {
		struct batch_item *x = &b->item[put];
		uint32_t old, new = (uint32_t)(at - b->body.p);

		if (last[i % n] != (i >= n))
			continue;
		*x = was[i % n];
		old = x->event.at;
		memcpy(at, text + (old - start), x->event.n);
		at += x->event.n;
		move(&x->event, old, new);
		move(&x->record, old, new);
		move(&x->message, old, new);
		move(&x->action, old, new);
		if (++put < to) {
			memcpy(at, text + was[0].event.n, gap);
			at += gap;
		}
	}
	free(text);
	free(was);
}
