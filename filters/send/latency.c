#include "send/latency.h"

/* Eight classes for each power of two; each value below 16 has its own class.
 */
static unsigned class_of(uint64_t ms)
{
	unsigned power = 0;

	while (ms >> power >= 16)
		power++;
	if (ms < 8)
		return (unsigned)ms;
	return power * 8 + (unsigned)(ms >> power);
}

static uint64_t least_of(unsigned class)
{
	unsigned power = class < 16 ? 0 : class / 8 - 1;

	return (uint64_t)(class - power * 8) << power;
}

void latency_add(struct latency *t, uint64_t ms)
{
	unsigned class = class_of(ms < INT64_MAX >> 32 ? ms : INT64_MAX >> 32);

	t->n++;
	t->count[class]++;
}

uint64_t latency_slowest(const struct latency *t)
{
	uint64_t seen = 0;

	for (unsigned i = LATENCY_CLASSES; i-- > 0;) {
		seen += t->count[i];
		if (seen > 0 && seen * 10 >= t->n)
			return least_of(i);
	}
	return 0;
}
