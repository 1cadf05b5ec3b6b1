/* chosen_states.h - the states that rudder status and rudder log are asked
 * about.
 *
 * Floor 2 (sync). A sync file stands for the states of its destinations, the
 * folder of a state for itself, and any other folder for the states below it.
 */
#ifndef SYNC_CHOSEN_STATES_H
#define SYNC_CHOSEN_STATES_H

#include "core/buf.h"
#include "core/err.h"

struct chosen_state {
	char *name;          /* owned: "users", "users/crm", or the folder */
	char *folder;        /* owned */
	uint64_t max_age_ms; /* 0: not said */
	char *wrong; /* owned: why the sync file cannot be read, or NULL */
};

struct chosen_states {
	struct chosen_state *v; /* owned */
	size_t n;
	size_t others; /* states below the folder state that no sync file has,
			* where no names were given */
	char *other;   /* owned: the folder of the first of those, or NULL */
};

/* names is ended by NULL: files, names of syncs in the folder syncs, folders,
 * and names of states below the folder state; without one, the sync files in
 * the folder syncs, or where there is no such folder the states below the
 * folder state. A sync file that has not run yet has a state that is not there.
 * ERR_INPUT where there is nothing. The states of a sync file that cannot be
 * read are guessed, see sync_guess.h. Clear it
 * in any case.
 */
int chosen_states(struct chosen_states *c, char *const *names,
		  struct err *e) MUST_USE;

/* "+2 states without a sync file: rudder COMMAND state" as a line at the end of
 * b, behind an empty one; nothing where there are none.
 */
void chosen_states_others(struct buf *b, const struct chosen_states *c,
			  const char *command);

/* All-zero is allowed. */
void chosen_states_clear(struct chosen_states *c);

#endif
