/* workers_parts.h - the shared memory of the jq processes.
 *
 * Floor 2 (map). For workers.c and workers_child.c, and for the test that plays
 * a hostile child.
 */
#ifndef MAP_JQ_WORKERS_PARTS_H
#define MAP_JQ_WORKERS_PARTS_H

#include "map/jq/workers.h"

#define CREW_OUT (2 * WORKERS_MAX) /* touched as far as needed */

/* A row in the memory that a child shares, followed by its fields and zeros
 * up to 8 bytes.
 */
struct crew_frame {
	uint64_t lineno, number;
	uint32_t n[WORKERS_FIELDS];
	uint32_t skip, pass;
	uint32_t size; /* with all that follows */
};

/* A result likewise, followed by its text. */
struct crew_answer {
	uint64_t events;
	uint32_t n;
	uint16_t ok, left;
};

/* What parent and child tell each other besides the bytes. The parent reads
 * only what the child writes, and takes nothing of it for granted.
 */
struct crew_shared {
	/* by the parent */
	size_t in_n;  /* bytes of frames */
	size_t start; /* offset of the first frame to do */
	size_t slot;  /* which of two places the results go to */
	/* by the child */
	volatile size_t ready; /* it has begun with rows */
	volatile size_t done;  /* frames done since start */
};

/* All of what a parent and one child share. */
struct crew_memory {
	struct crew_shared *s;
	char *in;
	char *out[2]; /* the results go to out[slot] */
};

static inline struct slice crew_field(const struct crew_frame *f,
				      enum workers_field i)
{
	const char *p = (const char *)(f + 1);

	for (size_t k = 0; k < i; k++)
		p += f->n[k];
	return slice_of(p, f->n[i]);
}

#endif
