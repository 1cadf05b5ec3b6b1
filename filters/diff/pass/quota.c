#include "diff/pass/quota.h"

#include <stdlib.h>

#include "core/counts.h"

static struct hash at(struct slice keys, size_t i)
{
	struct hash h;

	memcpy(&h, keys.p + i * sizeof(h), sizeof(h));
	return h;
}

static size_t count(struct slice keys)
{
	return keys.n / sizeof(struct hash);
}

void quota_init(struct quota *t, uint64_t limit, struct slice promised,
		struct slice hand)
{
	*t = (struct quota){
		.limit = limit,
		.promised = promised,
		.promised_left = count(promised),
	};
	if (hand.n == sizeof(t->hand))
		t->hand = at(hand, 0);
}

void quota_clear(struct quota *t)
{
	buf_clear(&t->again);
	buf_clear(&t->next);
}

static bool is_promised(const struct quota *t, struct hash key)
{
	size_t from = 0, to = count(t->promised);

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = hash_order(at(t->promised, mid), key);

		if (order == 0)
			return true;
		if (order < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return false;
}

/* How far a key is after hand, going round. */
static struct hash distance(const struct quota *t, struct hash key)
{
	struct hash d = {key.hi - t->hand.hi, key.lo - t->hand.lo};

	d.hi -= key.lo < t->hand.lo;
	/* hand itself has just had its turn, so it is last */
	if (d.hi == 0 && d.lo == 0)
		d = (struct hash){UINT64_MAX, UINT64_MAX};
	return d;
}

/* ---- the keys that are next -------------------------------------------- */

/* Replaces the top of a heap of distances, whose farthest one is on top. */
static void sink(struct hash *heap, size_t n, struct hash d)
{
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < n &&
		    hash_order(heap[child + 1], heap[child]) > 0)
			child++;
		if (child >= n || hash_order(heap[child], d) <= 0)
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = d;
}

static void rise(struct hash *heap, size_t i, struct hash d)
{
	while (i > 0 && hash_order(heap[(i - 1) / 2], d) < 0) {
		heap[i] = heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap[i] = d;
}

static void add_next(struct quota *t, struct hash key)
{
	struct hash d = distance(t, key), *heap;
	size_t n = count(buf_all(&t->next));

	if (n < t->limit) {
		buf_add(&t->next, &d, sizeof(d));
		rise((struct hash *)(void *)t->next.p, n, d);
		return;
	}
	heap = (struct hash *)(void *)t->next.p;
	if (hash_order(d, heap[0]) < 0)
		sink(heap, n, d);
}

/* ---- a run ------------------------------------------------------------- */

bool quota_take(struct quota *t, struct hash key)
{
	uint64_t left;
	bool promised;

	if (t->limit == 0)
		return true;
	promised = is_promised(t, key);
	t->promised_left -= promised;
	left = t->limit - t->sent;
	if (left > (promised ? 0 : t->promised_left)) {
		t->sent++;
		return true;
	}
	t->waiting++;
	if (promised)
		buf_add(&t->again, &key, sizeof(key));
	else
		add_next(t, key);
	return false;
}

void quota_pass(struct quota *t, struct hash key)
{
	if (t->limit > 0 && t->promised_left > 0)
		t->promised_left -= is_promised(t, key);
}

static int by_order(const void *a, const void *b)
{
	const struct hash *x = a, *y = b;

	return hash_order(*x, *y);
}

static void order(struct buf *keys)
{
	if (keys->n > 0)
		qsort(keys->p, count(buf_all(keys)), sizeof(struct hash),
		      by_order);
}

void quota_promise(struct quota *t, struct buf *promised, struct buf *hand)
{
	struct hash last = t->hand, d;
	size_t n, left = count(buf_all(&t->again));

	buf_slice(promised, buf_all(&t->again));
	order(&t->next);
	n = count(buf_all(&t->next));
	for (size_t i = 0; i < n && left + i < t->limit; i++) {
		d = at(buf_all(&t->next), i);
		last.lo = t->hand.lo + d.lo;
		last.hi = t->hand.hi + d.hi + (last.lo < d.lo);
		if (d.hi == UINT64_MAX && d.lo == UINT64_MAX)
			last = t->hand;
		buf_add(promised, &last, sizeof(last));
	}
	order(promised);
	if (promised->n > 0)
		buf_add(hand, &last, sizeof(last));
}

int quota_verdict(uint64_t waiting, struct err *e)
{
	return waiting == 0
		       ? 0
		       : err_set(e, ERR_PARTIAL,
				 "%ju change%s postponed to the next run by "
				 "--max-changes",
				 (uintmax_t)waiting,
				 counts_word(waiting, " is", "s are"));
}
