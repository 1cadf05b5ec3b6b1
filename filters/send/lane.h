/* lane.h - the events of some users, sent one request after the other.
 *
 * Floor 2 (send). A user's events all go through one lane, so their order is
 * kept whatever the retries do: a lane has one request in flight, and what is
 * refused or fails stays at its head. A refused batch is halved until the bad
 * event stands alone; the halves are kept as a stack of parts.
 */
#ifndef SEND_LANE_H
#define SEND_LANE_H

#include "send/dest/batch.h"
#include "send/dest/dest.h"

/* Halvings of a batch that stack up; more than log2 of its events. */
#define LANE_PARTS 40

/* Events [from, to) of the batch at the head. */
struct lane_part {
	size_t from, to;
	unsigned attempts;   /* requests that carried these events */
	unsigned failures;   /* in a row */
	bool doubt;          /* one of them may have been taken */
	bool left;           /* the next part was refused together with it */
	bool guilty;         /* holds a bad event for sure */
	uint64_t started_ms; /* the first attempt; 0: none yet */
	uint64_t failing_ms; /* the first failure */
};

struct lane {
	struct batch *first, *last; /* oldest to newest; last may be open */
	struct lane_part part[LANE_PARTS]; /* of first; the top is next */
	size_t parts;
	struct dest_job job;
	bool flying;        /* job is the destination's */
	uint64_t flew_ms;   /* when job was started */
	uint64_t due_ms;    /* nothing is started before */
	struct buf scratch; /* the body of a part */
};

/* The batch that takes events, or NULL. */
struct batch *lane_open(const struct lane *l);

/* Put a batch, which the lane takes, behind the others. */
void lane_push(struct lane *l, struct batch *b);

/* The part to send next, or NULL: nothing is there, or only an open batch. */
struct lane_part *lane_next(struct lane *l);

/* The top part is dealt with. taken: all its events were accepted. Returns the
 * batch when that was its last part; the caller owns it then.
 */
struct batch *lane_drop(struct lane *l, bool taken);

/* Halve the top part, of at least two events. refused: for what an event
 * holds, not for the size of the whole; if the left half then is taken, the
 * right one is guilty, and need not be tried as a whole.
 */
void lane_halve(struct lane *l, bool refused);

/* Frees what it holds. */
void lane_clear(struct lane *l);

#endif
