/* history.h - keeps earlier snapshots.
 *
 * Floor 2 (diff). The folder `history` of a state. Each file is an earlier
 * snapshot, named for its generation and the time of its commit
 * (17-2026-11-22T05:44:48.120Z). A snapshot is never written to, so keeping one
 * is a hard link.
 */
#ifndef DIFF_STATE_HISTORY_H
#define DIFF_STATE_HISTORY_H

#include "diff/keys/key.h"
#include "diff/state/state.h"

struct history_entry {
	uint64_t generation;
	char *path;     /* owned */
	char stamp[32]; /* RFC 3339; sorts by time */
};

/* Ordered by generation. */
struct history {
	struct history_entry *entry;
	size_t n, size;
};

/* All kept snapshots, and with present the current one after them. Other files
 * in the folder are skipped. ERR_IO.
 */
int history_list(struct history *h, const struct state *s, bool present,
		 struct err *e) MUST_USE;
void history_clear(struct history *h);

/* If s->history is not 0: keeps the current snapshot, which is loaded, before a
 * new one replaces it. Warns if it cannot be kept.
 */
void history_keep(const struct state *s);

/* Whether there is a history. */
bool history_exists(const struct state *s);

/* Removes all but the newest s->history snapshots; does nothing if that is 0.
 * ERR_IO.
 */
int history_prune(const struct state *s, struct err *e) MUST_USE;

/* Prints which keys changed between two snapshots, and when: a line for each,
 * snapshot by snapshot. from and to are generations, times (the newest snapshot
 * up to that time; any prefix), "first" or "now". ERR_INPUT if the history does
 * not go back that far.
 */
int history_between(const char *dir, const char *from, const char *to, int out,
		    struct err *e) MUST_USE;

/* Erases a key from all kept snapshots, as inspect_forget does; *found is set
 * if one had it. The state must be locked for writing. ERR_CREATE, ERR_IO,
 * ERR_CONFIG.
 */
int history_forget(const struct state *s, const char *id, bool *found,
		   struct err *e) MUST_USE;

#endif
