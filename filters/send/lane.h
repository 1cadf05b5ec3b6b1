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

/* Parts of a batch that stack up: more than log2 of its events. */
#define LANE_PARTS 40

/* Events [from, to) of the batch at the head. */
struct lane_part {
	size_t from, to;
	unsigned attempts;   /* requests that carried these events */
	unsigned failures;   /* in a row */
	unsigned suspicious; /* the last of these, which may be due to an event
			      */
	bool doubt;          /* one of them may have been taken */
	bool left;           /* the next part was refused together with it */
	bool guilty;         /* holds a bad event for sure */
	bool narrowing;      /* of a batch in which an event seems to be bad */
	bool rest;           /* behind the event that is tried for all */
	uint64_t acceptances_then; /* of the run, at the first failure */
	uint64_t started_ms;       /* the first attempt; 0: none yet */
	uint64_t failing_ms;       /* the first failure */
};

struct lane {
	struct batch *first, *last; /* oldest to newest; last may be open */
	struct lane_part part[LANE_PARTS]; /* of first; the top is next */
	size_t parts;
	bool walking;   /* job is one event: the next, behind those that */
	size_t walked;  /* failed alone before it */
	size_t walks;   /* of the top part */
	unsigned tries; /* of the event that is walked to */
	struct reply failure; /* the last */
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

/* Make a part of its own of the first event of the top part, which has at
 * least two.
 */
void lane_head(struct lane *l);

/* The event that is n behind the first of the top part: its batch, which is
 * closed, with its place there in *at; NULL: no such event.
 */
const struct batch *lane_at(struct lane *l, size_t n, size_t *at);

/* The event at that place of a batch of the lane may have been taken. */
void lane_doubt(struct lane *l, const struct batch *b, size_t at);

/* Frees what it holds. */
void lane_clear(struct lane *l);

#endif
