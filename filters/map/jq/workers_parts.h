/* workers_parts.h - the shared memory of rudder-map and its jq processes.
 *
 * Floor 2 (map). For workers.c and workers_child.c, and for the test that plays
 * a hostile child.
 */
#ifndef MAP_JQ_WORKERS_PARTS_H
#define MAP_JQ_WORKERS_PARTS_H

#include "map/jq/workers.h"

#define WORKERS_OUT (2 * WORKERS_MAX) /* pages are allocated on first use */

/* The header of a row in shared memory. Its fields follow, and zeros up to a
 * multiple of 8 bytes.
 */
struct workers_frame {
	uint64_t lineno, number;
	uint32_t n[WORKERS_FIELDS];
	uint32_t skip, pass;
	uint32_t size; /* including the fields and zeros */
};

/* The header of a result in shared memory. Its text follows. */
struct workers_answer {
	uint64_t events;
	uint32_t n;
	uint16_t ok, left;
};

/* Numbers that parent and child exchange. The parent reads only those that the
 * child writes, and trusts none of them.
 */
struct workers_shared {
	/* written by the parent */
	size_t in_n;  /* length of the frames in bytes */
	size_t start; /* offset of the first frame to process */
	size_t slot;  /* index of the output memory for the results */
	/* written by the child */
	volatile size_t ready; /* the program is compiled, rows have begun */
	volatile size_t done;  /* frames processed since start */
};

/* All memory that the parent shares with one child. */
struct workers_memory {
	struct workers_shared *s;
	char *in;
	char *out[2]; /* the results go to out[slot] */
};

static inline struct slice workers_frame_field(const struct workers_frame *f,
					       enum workers_field i)
{
	const char *p = (const char *)(f + 1);

	for (size_t k = 0; k < i; k++)
		p += f->n[k];
	return slice_of(p, f->n[i]);
}

#endif
