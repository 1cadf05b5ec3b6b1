/* lanes.h - the lanes of a run, and the memory of the events in them.
 *
 * Floor 2 (send). A lane (lane.h) is a queue of batches. The memory of all
 * lanes together is bounded; empty batches are reused.
 */
#ifndef SEND_LANES_H
#define SEND_LANES_H

#include "send/lane.h"

struct run_lanes {
	struct batch_frame frame;
	uint64_t batch, batch_bytes; /* limits of one request */
	struct lane *lane;
	unsigned n, flying;
	unsigned turn;       /* the lane that may start first */
	size_t held;         /* bytes of memory used for the events in lanes */
	uint64_t memory;     /* limit of held */
	uint64_t ahead;      /* limit of held while each lane has an event */
	unsigned empty;      /* the lane that was found empty last */
	struct batch *spare; /* empty batches for reuse */
	size_t spare_bytes;  /* bytes of memory that the spare batches keep */
};

/* Sets the limit of memory to asked. If asked is 0, the limit lets each lane
 * have one batch in flight and half a batch queued, with events of event_bytes.
 * (Two batches per lane give no more throughput.) With one event per batch the
 * lanes use less than the limit as long as none is empty, so that the events
 * stay in the caches of the processor.
 */
void lanes_bound(struct run_lanes *x, uint64_t event_bytes, uint64_t asked);

/* Whether there is room for another event. */
bool lanes_have_room(struct run_lanes *x);

/* Whether all lanes are empty. */
bool lanes_are_empty(const struct run_lanes *x);

/* Adds an open batch to the lane, allocated for events of event_bytes. */
struct batch *lanes_open(struct run_lanes *x, struct lane *l,
			 uint64_t event_bytes, uint64_t now_ms);

/* Closes the batch: it takes no more events. */
void lanes_close(struct run_lanes *x, struct batch *b);

/* Closes the open batches that their lanes could send now: all of them, or
 * those that are at least age_ms old.
 */
void lanes_close_ready(struct run_lanes *x, bool all, uint64_t age_ms,
		       uint64_t now_ms);

/* As lane_at, but looks also into the open batch: closes it if need be. */
const struct batch *lanes_reach(struct run_lanes *x, struct lane *l, size_t n,
				size_t *at);

/* As lane_drop, and keeps the memory of a finished batch for reuse. */
void lanes_drop(struct run_lanes *x, struct lane *l, bool taken);

void lanes_clear(struct run_lanes *x);

#endif
