/* history.h - keeps earlier snapshots.
 *
 * Floor 2 (diff). The folder `history` of a state: each file is a snapshot as
 * it was, by another name: its generation, a dash and when it was committed
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

/* In the order of generations. */
struct history {
	struct history_entry *entry;
	size_t n, size;
};

/* All that is kept, and with present the present snapshot behind it. Other
 * files in the folder are passed over. ERR_IO.
 */
int history_list(struct history *h, const struct state *s, bool present,
		 struct err *e) MUST_USE;
void history_clear(struct history *h);

/* Keep the present snapshot, which was loaded, before a new one replaces it:
 * when s->history is not 0. What cannot be kept is warned of.
 */
void history_keep(const struct state *s);

/* Whether there is a history. */
bool history_exists(const struct state *s);

/* Remove all but the newest s->history; does nothing when that is 0. ERR_IO. */
int history_prune(const struct state *s, struct err *e) MUST_USE;

/* Which keys changed from one snapshot to another, and when: a line for each,
 * step by step. from and to are generations, times (the newest snapshot of that
 * time; any prefix), "first" or "now". ERR_INPUT when the history does not
 * reach that far.
 */
int history_between(const char *dir, const char *from, const char *to, int out,
		    struct err *e) MUST_USE;

/* Take a key out of all of it, as inspect_forget does; *found is set when it
 * was somewhere. The state must be locked for writing. ERR_CREATE, ERR_IO,
 * ERR_CONFIG.
 */
int history_forget(const struct state *s, const char *id, bool *found,
		   struct err *e) MUST_USE;

#endif
