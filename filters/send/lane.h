/* lane.h - the queue of events of some users, sent one request after the other.
 *
 * Floor 2 (send). All events of a user go through one lane, so retries do not
 * change their order: a lane has at most one request in flight, and events that
 * were refused or failed stay at its head. A refused batch is halved until the
 * bad event is alone; the halves form a stack of parts. The part on top of the
 * stack is sent next.
 */
#ifndef SEND_LANE_H
#define SEND_LANE_H

#include "send/dest/batch.h"
#include "send/dest/dest.h"

/* Most parts of a batch at a time. Halving needs log2 of the number of events.
 */
#define LANE_PARTS 40

/* Events [from, to) of the batch at the head. */
struct lane_part {
	size_t from, to;
	unsigned attempts;   /* requests that carried these events */
	unsigned failures;   /* failed requests in a row */
	unsigned suspicious; /* the most recent of these failures in a row that
			      * may be due to an event
			      */
	bool doubt;          /* one of the events may have been accepted */
	bool left;           /* it is the left half of a part that was refused:
			      * the next part is the right half
			      */
	bool guilty;         /* certainly contains a bad event */
	bool narrowing;      /* of a batch that probably has a bad event */
	bool rest;           /* rest of a batch of which one event is tried for
			      * all
			      */
	uint64_t acceptances_then; /* number of accepted requests of the run at
				    * the first failure
				    */
	uint64_t started_ms;       /* the first attempt; 0: none yet */
	uint64_t failing_ms;       /* the first failure */
};

struct lane {
	struct batch *first, *last; /* oldest first; only last may be open */
	struct lane_part part[LANE_PARTS]; /* parts of first; the top one is
					    * sent next
					    */
	size_t parts;
	bool walking;         /* a walk (blame.h): job is one event */
	size_t walked;        /* events before it, which failed alone */
	size_t walks;         /* number of walks for the top part */
	unsigned tries;       /* tries of the current event of the walk */
	struct reply failure; /* the last failure */
	struct dest_job job;
	bool flying;        /* job is in flight: the destination has it */
	uint64_t flew_ms;   /* when job was started */
	uint64_t due_ms;    /* no request starts before this time */
	struct buf scratch; /* body of a part of a batch */
};

/* The batch that takes new events, or NULL. */
struct batch *lane_open(const struct lane *l);

/* Appends a batch, which the lane takes. */
void lane_push(struct lane *l, struct batch *b);

/* The top part, which is sent next. NULL: the lane is empty, or has only an
 * open batch.
 */
struct lane_part *lane_next(struct lane *l);

/* Removes the top part, whose events all have receipts. taken: all of them were
 * accepted. If this was the last part of the batch, returns the batch, which
 * the caller then owns; else NULL.
 */
struct batch *lane_drop(struct lane *l, bool taken);

/* Halves the top part, which has at least two events. refused: the destination
 * refused it because of its content, not its size. Then, if the left half is
 * accepted, the right half has the bad event (guilty) and need not be tried
 * whole.
 */
void lane_halve(struct lane *l, bool refused);

/* Splits the first event off the top part, which has at least two events. */
void lane_head(struct lane *l);

/* Finds the event that is n events after the first one of the top part, also in
 * a later batch. Returns its batch, which is closed, and sets *at to its index
 * in that batch; NULL: no such event.
 */
const struct batch *lane_at(struct lane *l, size_t n, size_t *at);

/* Notes that the event at this index of a batch of the lane may have been
 * accepted.
 */
void lane_doubt(struct lane *l, const struct batch *b, size_t at);

/* Frees the contents of l. */
void lane_clear(struct lane *l);

#endif
