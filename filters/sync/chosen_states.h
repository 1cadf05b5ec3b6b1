/* chosen_states.h - finds the states that rudder status and rudder log show.
 *
 * Floor 2 (sync). A sync file means the states of its destinations, the folder
 * of a state that state, and any other folder the states below it.
 */
#ifndef SYNC_CHOSEN_STATES_H
#define SYNC_CHOSEN_STATES_H

#include "core/buf.h"
#include "core/err.h"

struct chosen_state {
	char *name;          /* owned: "users", "users/crm", or the folder */
	char *folder;        /* owned */
	uint64_t max_age_ms; /* maximum age of the last success; 0: not given */
	char *wrong; /* owned: why the sync file cannot be read, or NULL */
};

struct chosen_states {
	struct chosen_state *v; /* owned */
	size_t n;
	size_t others; /* number of states below the folder state without a sync
			* file, if no names were given */
	char *other;   /* owned: the folder of the first of those, or NULL */
};

/* Finds the states for names, ended by NULL: files, names of syncs in the
 * folder syncs, folders, and names of states below the folder state. Without a
 * name it takes the sync files in the folder syncs or, without that folder, the
 * states below the folder state. The state of a sync file that has not run yet
 * does not exist. ERR_INPUT if there is nothing. The states of a sync file that
 * cannot be read are guessed (sync_guess.h). The list must be cleared in any
 * case.
 */
int chosen_states(struct chosen_states *c, char *const *names,
		  struct err *e) MUST_USE;

/* Appends an empty line and the line "+2 states without a sync file: rudder
 * COMMAND state" to b, if there are such states.
 */
void chosen_states_others(struct buf *b, const struct chosen_states *c,
			  const char *command);

/* All-zero is allowed. */
void chosen_states_clear(struct chosen_states *c);

#endif
