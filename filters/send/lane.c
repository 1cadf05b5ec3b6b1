#include "send/lane.h"

#include <assert.h>

struct batch *lane_open(const struct lane *l)
{
	return l->last && !l->last->closed ? l->last : NULL;
}

void lane_push(struct lane *l, struct batch *b)
{
	b->next = NULL;
	if (l->last)
		l->last->next = b;
	else
		l->first = b;
	l->last = b;
}

struct lane_part *lane_next(struct lane *l)
{
	if (l->parts == 0) {
		if (!l->first || !l->first->closed)
			return NULL;
		l->part[l->parts++] = (struct lane_part){
			.to = l->first->n,
			.doubt = l->first->doubt,
		};
	}
	return &l->part[l->parts - 1];
}

struct batch *lane_drop(struct lane *l, bool taken)
{
	struct batch *b = l->first;
	bool left;

	assert(l->parts > 0);
	left = l->part[--l->parts].left;
	if (l->parts > 0) {
		if (taken && left)
			l->part[l->parts - 1].guilty = true;
		return NULL;
	}
	l->first = b->next;
	if (!l->first)
		l->last = NULL;
	b->next = NULL;
	return b;
}

void lane_halve(struct lane *l, bool refused)
{
	struct lane_part *right = &l->part[l->parts - 1], *left = right + 1;
	size_t middle = right->from + (right->to - right->from) / 2;

	assert(right->to - right->from >= 2 && l->parts < LANE_PARTS);
	right->failures = right->suspicious = 0;
	right->guilty = right->left = false;
	*left = *right;
	left->to = right->from = middle;
	left->left = refused;
	l->parts++;
}

void lane_head(struct lane *l)
{
	struct lane_part *rest = &l->part[l->parts - 1], *head = rest + 1;

	assert(rest->to - rest->from >= 2 && l->parts < LANE_PARTS);
	*head = *rest;
	head->to = rest->from = rest->from + 1;
	head->left = head->rest = rest->left = rest->guilty = false;
	rest->failures = rest->suspicious = 0;
	l->parts++;
}

const struct batch *lane_at(struct lane *l, size_t n, size_t *at)
{
	const struct lane_part *p = lane_next(l);
	const struct batch *b = l->first;

	if (!p)
		return NULL;
	for (n += p->from; b && b->closed && n >= b->n; b = b->next)
		n -= b->n;
	*at = n;
	return b && b->closed ? b : NULL;
}

void lane_doubt(struct lane *l, const struct batch *b, size_t at)
{
	for (size_t i = 0; i < l->parts && b == l->first; i++) {
		if (at >= l->part[i].from && at < l->part[i].to)
			l->part[i].doubt = true;
	}
	for (struct batch *x = l->first->next; x; x = x->next)
		x->doubt |= x == b;
}

void lane_clear(struct lane *l)
{
	while (l->first) {
		struct batch *b = l->first;

		l->first = b->next;
		batch_free(b);
	}
	buf_clear(&l->scratch);
	*l = (struct lane){0};
}
