/* progress.h - the live line on a terminal, and the counters behind it.
 *
 * Floor 0. Drawn only where tool_watched says so, after a second of work, at
 * most twice a second, also while the command waits for input, and wiped before
 * any other message. It shows the counters of all stages of a pipe, each name
 * once, by the first stage that has it (progress_feed.h).
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
	const struct progress_count *live; /* on the line; the same at first */
	uint64_t started_ms, drawn_ms, ticked_ms;
	unsigned skip, every; /* ticks until the clock is read; its period */
	bool watched, shown;
	bool feeds; /* a later stage draws */
	struct progress_feed feed;
	struct progress_thread *thread; /* or NULL */
	char note[64];                  /* behind the counters; empty: none */
};

/* counts, ended by a NULL name, is borrowed for the life of p, which must stay
 * where it is until progress_end. The first count on the line is the one whose
 * rate is shown.
 */
void progress_init(struct progress *p, const struct progress_count *counts);

/* For a command whose main thread waits in a library, which calls nobody: from
 * now on a thread of its own draws, too. Only where somebody watches. The
 * counters are read while they change: each is one word of memory.
 */
void progress_beside(struct progress *p);

/* Call once a record: nearly free, draws when it is time. */
void progress_tick(struct progress *p);

/* The same for a command that waits: draws when it is time, by the clock. */
void progress_wait(struct progress *p);

/* What stands behind the counters from now on ("waits 12 s: HTTP 503"); cut
 * where it is long. Control characters must not be in it.
 */
void progress_note(struct progress *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Wipe the line, before the summary or an error; nothing is drawn any more. */
void progress_end(struct progress *p);

/* The counters as one JSON object and LF into the file (for --stats), which
 * is replaced whole; a pipe or device is written to. path NULL: nothing.
 * ERR_CREATE, ERR_IO.
 */
int progress_stats(const struct progress *p, const char *path,
		   struct err *e) MUST_USE;

#endif
