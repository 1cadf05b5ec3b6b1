#include "send/confine.h"

#include "core/landlock.h"
#include "send/watchdog.h"

void confine_run(struct run *r)
{
	const struct send_options *o = r->asked.o;
	bool is_http = r->asked.dest->speaks_http && !o->dry_run;
	struct landlock l;

	r->stop.confined = true;
	if (!o->confine || r->asked.dest->unconfined)
		return;
	landlock_init(&l, is_http);
	landlock_write(&l, r->known.attempt.dir);
	landlock_replace(&l, o->failed);
	landlock_replace(&l, o->stats);
	if (r->asked.dest->reach && !o->dry_run)
		r->asked.dest->reach(&r->asked.to, &l);
	if (l.fd >= 0 && r->stop.watchdog)
		watchdog_confine(r->stop.watchdog, l.fd);
	landlock_enter(&l);
}
