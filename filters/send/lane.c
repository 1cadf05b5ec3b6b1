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
		l->part[l->parts++] = (struct lane_part){.to = l->first->n};
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
	right->failures = 0;
	right->guilty = right->left = false;
	*left = *right;
	left->to = right->from = middle;
	left->left = refused;
	l->parts++;
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
