/* lanes.h - the lanes of a run, and the memory of the events in them.
 *
 * Floor 2 (send). A lane (lane.h) has batches, one behind the other. What all
 * of them hold is bounded; empty batches are used again.
 */
#ifndef SEND_LANES_H
#define SEND_LANES_H

#include "send/lane.h"

struct run_lanes {
	struct batch_frame frame;
	uint64_t batch, batch_bytes; /* of one request at most */
	struct lane *lane;
	unsigned n, flying;
	unsigned turn;       /* the lane that may start first */
	size_t held;         /* bytes of memory for the events in lanes */
	uint64_t memory;     /* how many there may be */
	uint64_t ahead;      /* how many, while no lane is without an event */
	unsigned empty;      /* the lane that was, last */
	struct batch *spare; /* empty ones, for use again */
	size_t spare_bytes;  /* of memory that they keep */
};

/* Sets the limit of memory: as asked or, for 0, enough for each lane to have a
 * batch in flight and half a one behind it, with events of event_bytes. (Two
 * for each give no more throughput.) With one event a batch, memory that is not
 * needed is not used: it would leave the caches of the processor.
 */
void lanes_bound(struct run_lanes *x, uint64_t event_bytes, uint64_t asked);

/* Whether there is room for another event. */
bool lanes_have_room(struct run_lanes *x);

/* Whether no lane has an event. */
bool lanes_are_empty(const struct run_lanes *x);

/* A new batch for the lane, of the size it will have with events of
 * event_bytes.
 */
struct batch *lanes_open(struct run_lanes *x, struct lane *l,
			 uint64_t event_bytes, uint64_t now_ms);

/* The batch takes no more events. */
void lanes_close(struct run_lanes *x, struct batch *b);

/* Close the batches that their lanes could send now: all, or those that have
 * waited for age_ms.
 */
void lanes_close_ready(struct run_lanes *x, bool all, uint64_t age_ms,
		       uint64_t now_ms);

/* lane_at, which may also be in the batch that still takes events: then that
 * is closed.
 */
const struct batch *lanes_reach(struct run_lanes *x, struct lane *l, size_t n,
				size_t *at);

/* The top part of a lane is dealt with, as lane_drop; the memory of a batch
 * that is done is used again.
 */
void lanes_drop(struct run_lanes *x, struct lane *l, bool taken);

void lanes_clear(struct run_lanes *x);

#endif
