/* tenth.h - how slow the slowest tenth was, in constant memory.
 *
 * Floor 2 (send). Times are counted in classes that grow by an eighth, so an
 * answer is right within 12.5 %.
 */
#ifndef SEND_TENTH_H
#define SEND_TENTH_H

#include "core/base.h"

#define TENTH_CLASSES 256

struct tenth {
	uint64_t n, count[TENTH_CLASSES];
};

void tenth_add(struct tenth *t, uint64_t ms);

/* The slowest tenth of all times added took at least so many ms; 0 for none. */
uint64_t tenth_slowest(const struct tenth *t);

#endif
