/* latency.h - how slow the slowest tenth was, in constant memory.
 *
 * Floor 2 (send). Times are counted in classes that grow by an eighth, so an
 * answer is right within 12.5 %.
 */
#ifndef SEND_LATENCY_H
#define SEND_LATENCY_H

#include "core/base.h"

#define LATENCY_CLASSES 256

struct latency {
	uint64_t n, count[LATENCY_CLASSES];
};

void latency_add(struct latency *t, uint64_t ms);

/* The least time in ms of the slowest tenth of all times added; 0 for none. */
uint64_t latency_slowest(const struct latency *t);

#endif
