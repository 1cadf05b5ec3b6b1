/* batch.h - joins events, unchanged, into the body of one request.
 *
 * Floor 2 (send). The body is built in the form that the destination needs, so
 * that it can be sent without a copy. Of each event it keeps the position, and
 * those of the members that a receipt repeats.
 */
#ifndef SEND_DEST_BATCH_H
#define SEND_DEST_BATCH_H

#include "core/buf.h"

/* The text before, between and after the events of one request. */
struct batch_frame {
	const char *prefix, *between, *suffix;
};

/* A part of the body. n is 0 if the event does not have it. */
struct batch_text {
	uint32_t at, n;
};

struct batch_item {
	struct batch_text event;
	struct batch_text record;  /* value of recordId, as JSON */
	struct batch_text message; /* value of messageId, as JSON */
	struct batch_text action;  /* value of action, as JSON */
	uint32_t user; /* the same for all events that must stay in order */
};

struct batch {
	struct buf body; /* with the suffix after the batch is closed */
	struct batch_item *item;
	size_t n, size;
	size_t most;        /* maximum bytes of memory that it has used */
	uint64_t born_ms;   /* when its first event arrived */
	bool closed;        /* takes no more events */
	bool doubt;         /* one of the events may have been accepted */
	struct batch *next; /* next in the list of its owner */
};

/* Longest body: offsets are 32 bits wide. */
#define BATCH_MAX_BYTES ((size_t)1 << 30)

/* Never NULL; free with batch_free, which takes NULL. */
struct batch *batch_new(void) MUST_USE;
void batch_free(struct batch *b);

/* Reserves memory for these bytes and events: growing step by step would
 * fragment the heap. Memory that is not written to costs nothing.
 */
void batch_reserve(struct batch *b, size_t bytes, size_t events);

/* Make it empty, keeping its memory for the next use. */
void batch_reset(struct batch *b);

/* Bytes that the body would have, closed, with one more event of n bytes. */
size_t batch_bytes_with(const struct batch *b, const struct batch_frame *f,
			size_t n);

/* Append an event. The members named are slices of the event, or empty. */
void batch_add(struct batch *b, const struct batch_frame *f, struct slice event,
	       struct slice record, struct slice message, struct slice action);

/* Add the suffix. */
void batch_close(struct batch *b, const struct batch_frame *f);

/* The body of a request with the events [from, to) of a closed batch: the whole
 * body if these are all events, otherwise a copy in scratch.
 */
struct slice batch_range(const struct batch *b, const struct batch_frame *f,
			 size_t from, size_t to, struct buf *scratch);

/* Moves the events of [from, to) for which last[i - from] is true to the end of
 * that range. Both groups keep their order.
 */
void batch_put_last(struct batch *b, size_t from, size_t to, const bool *last);

/* The bytes of memory that it uses now. */
static inline size_t batch_cost(const struct batch *b)
{
	return b->body.n + b->n * sizeof(*b->item);
}

static inline struct slice batch_text(const struct batch *b,
				      struct batch_text t)
{
	return t.n > 0 ? slice_of(b->body.p + t.at, t.n) : slice_of("", 0);
}

#endif
