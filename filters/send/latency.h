/* latency.h - the 90th percentile of request times, in constant memory.
 *
 * Floor 2 (send). Times are counted in classes, each an eighth wider than the
 * one before, so the result is accurate within 12.5 %.
 */
#ifndef SEND_LATENCY_H
#define SEND_LATENCY_H

#include "core/base.h"

#define LATENCY_CLASSES 256

struct latency {
	uint64_t n, count[LATENCY_CLASSES];
};

void latency_add(struct latency *t, uint64_t ms);

/* The shortest time in ms among the slowest tenth of all times added; 0 without
 * any.
 */
uint64_t latency_slowest(const struct latency *t);

#endif
