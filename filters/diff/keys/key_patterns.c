#include "diff/keys/key_patterns.h"

#include <string.h>

void key_patterns_insert(struct key_patterns *p, unsigned pattern)
{
	unsigned at = 0;

	while (at < p->n && p->is[at] < pattern)
		at++;
	if (at < p->n && p->is[at] == pattern)
		return;
	if (p->n == KEY_PATTERNS_MOST) {
		p->many = true;
		return;
	}
	memmove(p->is + at + 1, p->is + at, (p->n - at) * sizeof(*p->is));
	p->is[at] = pattern;
	p->n++;
}
