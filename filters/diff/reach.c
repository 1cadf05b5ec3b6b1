#include "diff/reach.h"

#include "core/landlock.h"
#include "core/temp.h"
#include "diff/keys/spool.h"

void reach_state(const struct reach *r)
{
	struct landlock l;

	landlock_init(&l, false);
	landlock_write_open(&l, r->state_fd, r->state);
	landlock_write(&l, temp_dir(NULL)); /* a dry run writes no state */
	landlock_replace(&l, r->stats);
	landlock_read_around(&l, r->end_from); /* it may not exist yet */
	landlock_read(&l, "/proc/sys/kernel/random/boot_id"); /* moment.h */
	landlock_enter(&l);
}
