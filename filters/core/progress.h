/* progress.h - the live line on a terminal, and the counters behind it.
 *
 * Floor 0. Drawn only if tool_watched says so, after a second of work, at most
 * twice a second, also while the command waits for input; erased before any
 * other message. It shows the counters of all stages of a pipe. If several
 * stages have the same counter, the first one's is shown (progress_feed.h).
 */
#ifndef CORE_PROGRESS_H
#define CORE_PROGRESS_H

#include "core/err.h"
#include "core/progress_feed.h"

/* One named counter of a command. The names are those of the end line. */
struct progress_count {
	const char *name; /* NULL ends an array */
	const uint64_t *n;
};

struct progress {
	const struct progress_count *counts; /* for --stats */
	const struct progress_count *live;   /* on the line; initially counts */
	uint64_t started_ms, drawn_ms, ticked_ms;
	unsigned skip, every; /* ticks until the next read of the clock; between
			       * two */
	bool watched, shown;
	bool feeds; /* a later stage draws */
	struct progress_feed feed;
	struct progress_thread *thread; /* or NULL */
	char note[64];                  /* after the counters; may be empty */
};

/* counts, ended by a NULL name, is borrowed for the life of p, which must stay
 * in place until progress_end. The rate of the first count on the line is
 * shown.
 */
void progress_init(struct progress *p, const struct progress_count *counts);

/* For a command whose main thread waits in a library without callbacks: from
 * now on a separate thread draws too, if somebody watches. It reads the
 * counters while they change; each is one word of memory.
 */
void progress_beside(struct progress *p);

/* Call it once for each record. Nearly free; draws if it is time. */
void progress_tick(struct progress *p);

/* The same for a command that waits: always reads the clock. */
void progress_wait(struct progress *p);

/* Sets the text after the counters ("waits 12 s: HTTP 503"); truncated if it is
 * long. It must not have control characters.
 */
void progress_note(struct progress *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Erases the line, before the summary or an error; nothing is drawn afterwards.
 */
void progress_end(struct progress *p);

/* Replaces the file by the counters as one JSON object and LF (for --stats); a
 * pipe or device is written to. With path NULL nothing is written. ERR_CREATE,
 * ERR_IO.
 */
int progress_stats(const struct progress *p, const char *path,
		   struct err *e) MUST_USE;

#endif
