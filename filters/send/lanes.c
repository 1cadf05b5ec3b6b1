#include "send/lanes.h"

#include <stdlib.h>

#include "core/mem.h"

#define LEAST_MEMORY ((uint64_t)12 * 1024 * 1024)

enum {
	AHEAD = 32,               /* events per lane, if a batch has one event
				   */
	SPARE_BYTES = 512 * 1024, /* larger batches are freed, not kept */
};

void lanes_bound(struct run_lanes *x, uint64_t event_bytes, uint64_t asked)
{
	uint64_t n = x->batch_bytes / event_bytes;

	if (n > x->batch)
		n = x->batch;
	x->memory =
		x->n * n * (event_bytes + sizeof(struct batch_item)) * 3 / 2;
	if (x->memory < LEAST_MEMORY)
		x->memory = LEAST_MEMORY;
	if (asked)
		x->memory = asked;
	x->ahead = x->memory;
	if (x->batch == 1)
		x->ahead = x->n * AHEAD *
			   (event_bytes + sizeof(struct batch_item));
}

static bool one_is_empty(struct run_lanes *x)
{
	for (unsigned i = 0; i < x->n; i++) {
		unsigned at = (x->empty + i) % x->n;

		if (!x->lane[at].first) {
			x->empty = at;
			return true;
		}
	}
	return false;
}

bool lanes_have_room(struct run_lanes *x)
{
	return x->held < x->memory && (x->held < x->ahead || one_is_empty(x));
}

bool lanes_are_empty(const struct run_lanes *x)
{
	for (unsigned i = 0; i < x->n; i++) {
		if (x->lane[i].first)
			return false;
	}
	return true;
}

static struct batch *new_batch(const struct run_lanes *x, uint64_t event_bytes)
{
	uint64_t n = x->batch_bytes / event_bytes + 1;
	struct batch *b = batch_new();

	if (n > x->batch)
		n = x->batch;
	batch_reserve(b, n * (event_bytes + event_bytes / 8) + 64, n);
	return b;
}

struct batch *lanes_open(struct run_lanes *x, struct lane *l,
			 uint64_t event_bytes, uint64_t now_ms)
{
	struct batch *b = x->spare;

	if (b) {
		x->spare = b->next;
		x->spare_bytes -= b->most;
		b->next = NULL;
	} else {
		b = new_batch(x, event_bytes);
	}
	b->born_ms = now_ms;
	lane_push(l, b);
	return b;
}

void lanes_close(struct run_lanes *x, struct batch *b)
{
	size_t had = batch_cost(b);

	batch_close(b, &x->frame);
	x->held += batch_cost(b) - had;
}

void lanes_close_ready(struct run_lanes *x, bool all, uint64_t age_ms,
		       uint64_t now_ms)
{
	for (unsigned i = 0; i < x->n; i++) {
		struct lane *l = &x->lane[i];
		struct batch *b = lane_open(l);

		if (!b || l->flying || l->first != b)
			continue;
		if (all || now_ms - b->born_ms >= age_ms)
			lanes_close(x, b);
	}
}

const struct batch *lanes_reach(struct run_lanes *x, struct lane *l, size_t n,
				size_t *at)
{
	const struct batch *b = lane_at(l, n, at);
	struct batch *open = lane_open(l);

	if (b || !open || open->n == 0)
		return b;
	lanes_close(x, open);
	return lane_at(l, n, at);
}

static void recycle(struct run_lanes *x, struct batch *b)
{
	x->held -= batch_cost(b);
	batch_reset(b);
	if (b->most > SPARE_BYTES ||
	    x->held + x->spare_bytes + b->most > x->memory) {
		batch_free(b);
		return;
	}
	b->next = x->spare;
	x->spare = b;
	x->spare_bytes += b->most;
}

void lanes_drop(struct run_lanes *x, struct lane *l, bool taken)
{
	struct batch *done = lane_drop(l, taken);

	if (done)
		recycle(x, done);
}

void lanes_clear(struct run_lanes *x)
{
	for (unsigned i = 0; x->lane && i < x->n; i++)
		lane_clear(&x->lane[i]);
	free(x->lane);
	while (x->spare) {
		struct batch *b = x->spare;

		x->spare = b->next;
		batch_free(b);
	}
	x->lane = NULL;
}
