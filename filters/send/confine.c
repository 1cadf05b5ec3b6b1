#include "send/confine.h"

#include "core/landlock.h"
#include "send/watchdog.h"

void confine_run(struct run *r)
{
	const struct send_options *o = r->o;
	bool is_http = r->dest->speaks_http && !o->dry_run;
	struct landlock l;

	r->confined = true;
	if (!o->confine || r->dest->unconfined)
		return;
	landlock_init(&l, is_http);
	landlock_write(&l, r->attempt.dir);
	landlock_replace(&l, o->failed);
	landlock_replace(&l, o->stats);
	if (r->dest->reach && !o->dry_run)
		r->dest->reach(&r->given, &l);
	if (l.fd >= 0 && r->watchdog)
		watchdog_confine(r->watchdog, l.fd);
	landlock_enter(&l);
}
